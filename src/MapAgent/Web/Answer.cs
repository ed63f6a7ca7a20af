using System;
using System.Buffers;
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

    /// <summary>A page that loads nothing and runs nothing.</summary>
    public static Task HtmlAsync(HttpContext context, string html)
    {
        // The operator's policy, from the web configuration, stands.
        if (context.Response.Headers.ContentSecurityPolicy.Count == 0)
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
        }

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
