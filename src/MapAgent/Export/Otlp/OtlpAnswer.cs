using System;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text;

namespace MapAgent.Export.Otlp;

/// <summary>What a receiver answered.</summary>
/// <param name="IsTaken">True when it has the request, which then must not be sent again: all of it, or all but what it rejected for good.</param>
/// <param name="Wrong">What went wrong; null when all was accepted.</param>
internal readonly record struct OtlpAnswer(bool IsTaken, string? Wrong)
{
    private const int Delimited = 2;

    /// <summary>All was accepted.</summary>
    public static OtlpAnswer Accepted => new(true, null);

    /// <summary>The receiver has nothing of it, as far as is known.</summary>
    public static OtlpAnswer Failed(string reason) => new(false, reason);

    /// <summary>Judges an answer.</summary>
    public static OtlpAnswer Judge(HttpResponseMessage answer, ReadOnlySpan<byte> body, bool isGrpc)
    {
        if (!answer.IsSuccessStatusCode)
        {
            return Failed($"status {(int)answer.StatusCode}");
        }

        if (!isGrpc)
        {
            return answer.Content.Headers.ContentType?.MediaType == "application/json" ? Accepted : JudgeMessage(body);
        }

        string? status = First(answer, "grpc-status");
        if (status != "0")
        {
            return Failed(status is null ? "the answer is not of gRPC" : OtlpBody.Short($"gRPC status {status} {Uri.UnescapeDataString(First(answer, "grpc-message") ?? "")}"));
        }

        // A compressed answer is not asked for.
        return body.Length < 5 ? Accepted : JudgeMessage(body[0] == 0 ? body[5..] : []);
    }

    private static string? First(HttpResponseMessage answer, string name) =>
        answer.TrailingHeaders.TryGetValues(name, out System.Collections.Generic.IEnumerable<string>? last) ? last.First()
        : answer.Headers.TryGetValues(name, out System.Collections.Generic.IEnumerable<string>? values) ? values.First() : null;

    // ExportMetricsServiceResponse: field 1 is a message that says how many points were rejected (1), and why (2).
    private static OtlpAnswer JudgeMessage(ReadOnlySpan<byte> message)
    {
        while (message.Length > 0)
        {
            if (!TryField(ref message, out ulong tag, out _, out ReadOnlySpan<byte> part))
            {
                return Failed("the answer is not of OTLP");
            }

            if (tag == ((1 << 3) | Delimited) && Rejected(part) is { Wrong: not null } rejected)
            {
                return rejected;
            }
        }

        return Accepted;
    }

    private static OtlpAnswer Rejected(ReadOnlySpan<byte> part)
    {
        ulong points = 0;
        string reason = "";
        while (part.Length > 0)
        {
            if (!TryField(ref part, out ulong tag, out ulong number, out ReadOnlySpan<byte> text))
            {
                return Failed("the answer is not of OTLP");
            }

            points = tag == 1 << 3 ? number : points;
            reason = tag == ((2 << 3) | Delimited) ? Encoding.UTF8.GetString(text) : reason;
        }

        return points > 0 ? new OtlpAnswer(true, OtlpBody.Short(string.Create(CultureInfo.InvariantCulture, $"{points} points rejected: {reason}"))) : Accepted;
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
