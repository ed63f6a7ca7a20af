using System.IO;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace MapAgent.Export;

/// <summary>
/// The exporter's own middleware, called without a server. It is the only public way to its writer, so this file of Export sees
/// ASP.NET; requests themselves are Web's.
/// </summary>
internal sealed class ScrapePipeline
{
    private static readonly ServiceProvider s_noServices = new ServiceCollection().BuildServiceProvider();
    private readonly RequestDelegate _pipeline;

    /// <summary>Binds the middleware to one provider.</summary>
    public ScrapePipeline(MeterProvider provider)
    {
        ApplicationBuilder builder = new(s_noServices);
        builder.UseOpenTelemetryPrometheusScrapingEndpoint(provider, static _ => true, null, null, null);
        _pipeline = builder.Build();
    }

    /// <summary>Collects and writes.</summary>
    /// <param name="accept">What an Accept header would say.</param>
    /// <param name="output">Takes the text.</param>
    /// <returns>False when collecting failed.</returns>
    public async Task<bool> WriteAsync(string accept, Stream output)
    {
        DefaultHttpContext context = new();
        context.Request.Headers.Accept = accept;
        context.Response.Body = output;
        await _pipeline(context);
        return context.Response.StatusCode == StatusCodes.Status200OK;
    }
}
