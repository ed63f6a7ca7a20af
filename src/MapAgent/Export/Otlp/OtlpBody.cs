using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace MapAgent.Export.Otlp;

/// <summary>
/// Stands between the exporter and its client: puts the request that was written from a snapshot in the place of the exporter's
/// empty one, takes no more of an answer than is worth reading, and keeps what is to be thought of it.
/// </summary>
internal sealed class OtlpBody(HttpClient client, bool isGrpc, bool isCompressed) : HttpMessageHandler
{
    private const int LongestAnswer = 64 << 10;
    private const int LongestReason = 200;

    private ReadOnlyMemory<byte> _request;

    /// <summary>How the last request was answered; null when it was not sent.</summary>
    public OtlpAnswer? Answer { get; private set; }

    /// <summary>Takes the request to send; nothing when it has been.</summary>
    public void Put(ReadOnlyMemory<byte> request)
    {
        _request = request;
        Answer = request.IsEmpty ? Answer : null;
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        // The exporter sends from a thread that is there for nothing else.
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage real = Replace(request);
            HttpResponseMessage answer = await client.SendAsync(real, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            byte[] body = await ReadAsync(answer, cancellationToken).ConfigureAwait(false);
            Answer = OtlpAnswer.Judge(answer, body, isGrpc);
            ByteArrayContent content = new(body);
            Copy(answer.Content.Headers, content.Headers);
            answer.Content.Dispose();
            answer.Content = content;
            return answer;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            Answer = OtlpAnswer.Failed(Short(error is OperationCanceledException ? "no answer in time" : error.InnerException?.Message ?? error.Message));
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            client.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A text of the other side for one line of a log.</summary>
    public static string Short(string text)
    {
        char[] line = text.AsSpan(0, Math.Min(text.Length, LongestReason)).ToArray();
        return new string(Array.ConvertAll(line, static one => char.IsControl(one) ? ' ' : one));
    }

    private static void Copy(IEnumerable<KeyValuePair<string, IEnumerable<string>>> from, System.Net.Http.Headers.HttpHeaders to)
    {
        foreach (KeyValuePair<string, IEnumerable<string>> header in from)
        {
            if (!header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                to.TryAddWithoutValidation(header.Key, header.Value);
            }
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        using Stream stream = await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        using MemoryStream body = new();
        byte[] buffer = new byte[4096];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
        {
            await body.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
            if (body.Length > LongestAnswer)
            {
                throw new HttpRequestException("the answer is longer than any that OTLP has");
            }
        }

        return body.ToArray();
    }

    private HttpRequestMessage Replace(HttpRequestMessage request)
    {
        HttpRequestMessage real = new(request.Method, request.RequestUri)
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Content = new ReadOnlyMemoryContent(Framed()),
        };
        Copy(request.Headers, real.Headers);
        Copy(request.Content!.Headers, real.Content.Headers);
        return real;
    }

    private ReadOnlyMemory<byte> Framed()
    {
        if (!isGrpc && !isCompressed)
        {
            return _request;
        }

        using MemoryStream framed = new();
        int prefix = isGrpc ? 5 : 0;
        framed.Write(stackalloc byte[prefix]);
        if (isCompressed)
        {
            using GZipStream gzip = new(framed, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(_request.Span);
        }
        else
        {
            framed.Write(_request.Span);
        }

        byte[] bytes = framed.ToArray();
        if (isGrpc)
        {
            // gRPC: whether the message is compressed, and its length.
            bytes[0] = isCompressed ? (byte)1 : (byte)0;
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - prefix);
        }

        return bytes;
    }
}
