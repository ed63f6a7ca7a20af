using System;
using System.Collections.Generic;
using System.Threading;
using MapAgent.Procfs;

namespace MapAgent.Identity;

/// <summary>
/// Names as the kubelet writes them into file names: <c>containers/POD_NAMESPACE_CONTAINER-ID.log</c> and
/// <c>pods/NAMESPACE_POD_UID</c>. Only the two directories are listed; no file is opened and no link is followed.
/// </summary>
internal sealed class LogNames(string root) : NameSource(SourceKind.Logs)
{
    private const int IdLength = 64;

    /// <inheritdoc/>
    public override LookupOutcome Look(IReadOnlyList<UnnamedContainer> unnamed, FoundNames found, CancellationToken cancel)
    {
        LookupOutcome pods = List("pods", found, TakePod);
        LookupOutcome containers = List("containers", found, TakeContainer);
        // One of them is enough: some runtimes make no links.
        return found.IsFull ? LookupOutcome.TooLarge
            : pods == LookupOutcome.Ok || containers == LookupOutcome.Ok ? LookupOutcome.Ok
            : pods == LookupOutcome.Gone ? containers : pods;
    }

    /// <summary>Takes the name of a pod's directory.</summary>
    public static void TakePod(ReadOnlySpan<char> name, FoundNames found)
    {
        Span<Range> parts = stackalloc Range[4];
        if (name.Split(parts, '_') == 3)
        {
            found.AddPod(name[parts[2]], name[parts[0]], name[parts[1]]);
        }
        else
        {
            found.Refuse();
        }
    }

    /// <summary>Takes the name of a container's log.</summary>
    public static void TakeContainer(ReadOnlySpan<char> name, FoundNames found)
    {
        ReadOnlySpan<char> whole = name.EndsWith(".log", StringComparison.Ordinal) ? name[..^".log".Length] : default;
        Span<Range> parts = stackalloc Range[4];
        int dash = whole.Length - IdLength - 1;
        if (dash > 0 && whole[dash] == '-' && whole[..dash].Split(parts, '_') == 3)
        {
            ReadOnlySpan<char> head = whole[..dash];
            found.AddContainer(whole[(dash + 1)..], head[parts[1]], head[parts[0]], head[parts[2]]);
        }
        else
        {
            found.Refuse();
        }
    }

    private LookupOutcome List(string directory, FoundNames found, Action<ReadOnlySpan<char>, FoundNames> take)
    {
        string path = root + "/" + directory;
        List<string> names = [];
        ReadOutcome outcome = DirectoryNames.List(path, names, FoundNames.Bound, out bool isCut);
        foreach (string name in names)
        {
            take(name, found);
        }

        return isCut ? LookupOutcome.TooLarge : outcome switch
        {
            ReadOutcome.Ok => LookupOutcome.Ok,
            ReadOutcome.Gone => LookupOutcome.Gone,
            ReadOutcome.Denied => LookupOutcome.Denied,
            _ => LookupOutcome.Failed,
        };
    }
}
