using System;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text;

namespace MapAgent.Export.Otlp;

/// <summary>Judges what a receiver answered.</summary>
internal static class OtlpAnswer
{
    private const int Delimited = 2;

    /// <summary>Why the answer is no acceptance; null when it is one.</summary>
    public static string? Judge(HttpResponseMessage answer, ReadOnlySpan<byte> body, bool isGrpc)
    {
        if (!answer.IsSuccessStatusCode)
        {
            return $"status {(int)answer.StatusCode}";
        }

        if (!isGrpc)
        {
            return answer.Content.Headers.ContentType?.MediaType == "application/json" ? null : JudgeMessage(body);
        }

        string? status = First(answer, "grpc-status");
        if (status != "0")
        {
            return status is null ? "the answer is not of gRPC" : OtlpBody.Short($"gRPC status {status} {Uri.UnescapeDataString(First(answer, "grpc-message") ?? "")}");
        }

        // A compressed answer is not asked for.
        return body.Length < 5 ? null : JudgeMessage(body[0] == 0 ? body[5..] : []);
    }

    private static string? First(HttpResponseMessage answer, string name) =>
        answer.TrailingHeaders.TryGetValues(name, out System.Collections.Generic.IEnumerable<string>? last) ? last.First()
        : answer.Headers.TryGetValues(name, out System.Collections.Generic.IEnumerable<string>? values) ? values.First() : null;

    // ExportMetricsServiceResponse: field 1 is a message that says how many points were rejected (1), and why (2).
    private static string? JudgeMessage(ReadOnlySpan<byte> message)
    {
        while (message.Length > 0)
        {
            if (!TryField(ref message, out ulong tag, out _, out ReadOnlySpan<byte> part))
            {
                return "the answer is not of OTLP";
            }

            if (tag == ((1 << 3) | Delimited) && Rejected(part) is { } rejected)
            {
                return rejected;
            }
        }

        return null;
    }

    private static string? Rejected(ReadOnlySpan<byte> part)
    {
        ulong points = 0;
        string reason = "";
        while (part.Length > 0)
        {
            if (!TryField(ref part, out ulong tag, out ulong number, out ReadOnlySpan<byte> text))
            {
                return "the answer is not of OTLP";
            }

            points = tag == 1 << 3 ? number : points;
            reason = tag == ((2 << 3) | Delimited) ? Encoding.UTF8.GetString(text) : reason;
        }

        return points > 0 ? OtlpBody.Short(string.Create(CultureInfo.InvariantCulture, $"{points} points rejected: {reason}")) : null;
    }

    private static bool TryField(ref ReadOnlySpan<byte> rest, out ulong tag, out ulong number, out ReadOnlySpan<byte> part)
    {
        number = 0;
        part = [];
        if (!TryVarint(ref rest, out tag) || tag >> 3 == 0)
        {
            return false;
        }

        switch (tag & 7)
        {
            case 0:
                return TryVarint(ref rest, out number);
            case 1 when rest.Length >= 8:
                rest = rest[8..];
                return true;
            case Delimited when TryVarint(ref rest, out ulong length) && length <= (ulong)rest.Length:
                part = rest[..(int)length];
                rest = rest[(int)length..];
                return true;
            case 5 when rest.Length >= 4:
                rest = rest[4..];
                return true;
            default:
                return false;
        }
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (int i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
