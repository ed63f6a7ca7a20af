using System;
using System.Net.Http;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace MapAgent.Export.Otlp;

/// <summary>
/// OpenTelemetry's exporter as the way to a receiver: it knows addresses, headers, certificates and both protocols. It is given
/// no metrics of the SDK; what it would send is replaced on the way.
/// </summary>
internal sealed class OtlpTransport : IDisposable
{
    private readonly OtlpMetricExporter _exporter;
    private HttpClient? _client;
    private OtlpBody? _body;

    /// <summary>Builds the client; connects to nothing yet.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate cannot be read.</exception>
    public OtlpTransport(OtlpSettings settings)
    {
        OtlpExporterOptions options = new()
        {
            Protocol = settings.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            Endpoint = settings.Endpoint,
            Headers = settings.Headers,
            TimeoutMilliseconds = (int)settings.Timeout.TotalMilliseconds,
            Compression = settings.IsCompressed ? OtlpExportCompression.GZip : OtlpExportCompression.None,
        };
        Func<HttpClient> own = options.HttpClientFactory;
        options.HttpClientFactory = () =>
        {
            _body = new OtlpBody(own(), settings.IsGrpc, settings.IsCompressed);
            return _client = new HttpClient(_body) { Timeout = settings.Timeout };
        };
        _exporter = new OtlpMetricExporter(options);
    }

    /// <summary>Sends one request and waits for the answer.</summary>
    public OtlpAnswer Send(ReadOnlyMemory<byte> request)
    {
        _body!.Put(request);
        ExportResult result = _exporter.Export(new Batch<Metric>([], 0));
        _body.Put(default);
        OtlpAnswer answer = _body.Answer ?? OtlpAnswer.Failed("the request could not be sent");
        return answer.Wrong is null && result != ExportResult.Success ? OtlpAnswer.Failed("the request could not be sent") : answer;
    }

    /// <summary>Ends a request that is under way, from another thread.</summary>
    public void Cancel() => _client?.CancelPendingRequests();

    /// <inheritdoc/>
    public void Dispose()
    {
        _exporter.Dispose();
        _client?.Dispose();
    }
}
