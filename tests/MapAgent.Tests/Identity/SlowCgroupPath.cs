using System.Linq;
using System.Text.RegularExpressions;

namespace MapAgent.Tests.Identity;

/// <summary>The same rules by backtracking regular expressions: short, slow, and written for another purpose than speed.</summary>
internal static partial class SlowCgroupPath
{
    private const string Last = @"(?=\.scope(?:/|\z)|/|\z)";

    public static (string Id, string Runtime, string Pod, string Qos) Read(string path)
    {
        path = path.EndsWith(" (deleted)", System.StringComparison.Ordinal) ? path[..^10] : path;
        Match? container = Container().Matches(path).LastOrDefault(static match => !match.Groups["rt"].Value.EndsWith("conmon", System.StringComparison.Ordinal));
        Match? pod = Pod().Matches(path).LastOrDefault();
        string qos = pod is null ? ""
            : Qos().Matches(path).LastOrDefault() is { } word ? word.Groups["qos"].Value
            : path.Contains("kubepods", System.StringComparison.Ordinal) ? "guaranteed" : "";
        string runtime = container?.Groups["rt"].Value ?? "";
        if (container is not null && runtime.Length == 0)
        {
            runtime = path[..container.Groups["id"].Index].Split('/') is [.., "docker" or "ecs", ""] parents ? parents[^2] : "";
        }

        return (container?.Groups["id"].Value ?? "", runtime, pod?.Groups["uid"].Value ?? "", qos);
    }

    [GeneratedRegex("(?:^|[/:])(?:(?<rt>[A-Za-z][A-Za-z0-9._-]*?)[-:])?(?<id>[0-9a-f]{64}|[0-9a-f]{32}-[0-9]+)" + Last, RegexOptions.CultureInvariant)]
    private static partial Regex Container();

    [GeneratedRegex(@"(?:^|[-/])pod(?<uid>[0-9a-f]{8}(?<s>[-_])[0-9a-f]{4}\k<s>[0-9a-f]{4}\k<s>[0-9a-f]{4}\k<s>[0-9a-f]{12}|[0-9a-f]{32})(?=\.slice|/|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Pod();

    [GeneratedRegex(@"kubepods(?=(?:\.slice)?[/-](?:[^/]*[/-])?(?<qos>besteffort|burstable)(?![A-Za-z0-9_]))", RegexOptions.CultureInvariant)]
    private static partial Regex Qos();
}
