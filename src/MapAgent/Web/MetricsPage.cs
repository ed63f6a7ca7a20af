using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Sampling;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MapAgent.Web;

/// <summary>The page that Prometheus scrapes.</summary>
internal sealed class MetricsPage(SnapshotStore store, Exposition exposition)
{
    private static readonly HashSet<string> s_openMetricsVersions = ["", "0.0.1", "1.0.0"];

    /// <summary>Answers with the newest snapshot, in the format and encoding that the request prefers.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        if (store.Current is not { } snapshot)
        {
            await Answer.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "no snapshot yet\n");
            return;
        }

        ExpositionFormat format = Format(context.Request.Headers.Accept);
        bool compressed = AcceptsGzip(context.Request.Headers.AcceptEncoding);
        Rendering rendering = await exposition.RenderAsync(snapshot, format, compressed, context.RequestAborted);
        context.Response.Headers.Vary = "Accept, Accept-Encoding";
        if (compressed)
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        await Answer.BytesAsync(context, format.ContentType(), rendering.Body);
    }

    /// <summary>The better liked of the two formats; text when the header is missing, equal or unreadable.</summary>
    public static ExpositionFormat Format(StringValues accept)
    {
        double text = 0;
        double openMetrics = 0;
        if (MediaTypeHeaderValue.TryParseList(accept.ToArray()!, out IList<MediaTypeHeaderValue>? types))
        {
            foreach (MediaTypeHeaderValue type in types)
            {
                double quality = type.Quality ?? 1;
                string version = type.Parameters.FirstOrDefault(static p => p.Name.Equals("version", StringComparison.OrdinalIgnoreCase))
                    ?.GetUnescapedValue().Value ?? "";
                if (type.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) && s_openMetricsVersions.Contains(version))
                {
                    openMetrics = Math.Max(openMetrics, quality);
                }
                else if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
                {
                    text = Math.Max(text, quality);
                }
            }
        }

        return openMetrics > text ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
    }

    private static bool AcceptsGzip(StringValues header) =>
        StringWithQualityHeaderValue.TryParseList(header.ToArray()!, out IList<StringWithQualityHeaderValue>? codings)
        && codings.Any(static coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);
}
