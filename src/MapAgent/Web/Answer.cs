using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace MapAgent.Web;

/// <summary>Writes whole answers with their length, and only the head of them to HEAD.</summary>
internal static class Answer
{
    /// <summary>Plain text.</summary>
    public static Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return BytesAsync(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A page that runs and loads what this server has, and nothing else; no script can turn text into markup.</summary>
    public static Task HtmlAsync(HttpContext context, string html)
    {
        // An operator's own policy stands.
        context.Response.Headers.TryAdd("Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
        context.Response.Headers.TryAdd("Referrer-Policy", "no-referrer");
        context.Response.Headers.CacheControl = "no-cache";
        return BytesAsync(context, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(html));
    }

    /// <summary>JSON by a writer.</summary>
    public static Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            write(writer);
        }

        return BytesAsync(context, "application/json; charset=utf-8", buffer.WrittenMemory);
    }

    /// <summary>True, with the status set, when the client has this version already.</summary>
    /// <param name="context">Of the request.</param>
    /// <param name="tag">The version, as the value of ETag.</param>
    public static bool IsKnown(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch != tag)
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>Any bytes.</summary>
    public static async Task BytesAsync(HttpContext context, string type, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
