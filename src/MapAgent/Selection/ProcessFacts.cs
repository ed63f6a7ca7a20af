using System;
using System.Collections.Generic;
using MapAgent.Identity;

namespace MapAgent.Selection;

/// <summary>What the rules may look at. Made once per process and again after an exec; empty where a rule set does not ask.</summary>
internal sealed class ProcessFacts
{
    /// <summary>The pid.</summary>
    public int Pid { get; init; }

    /// <summary>The kernel's name of the process, at most 15 bytes, invalid UTF-8 replaced.</summary>
    public string Comm { get; init; } = "";

    /// <summary>The arguments; empty for zombies.</summary>
    public IReadOnlyList<string> Cmdline { get; init; } = [];

    /// <summary>Name of the effective user, else its number, else empty.</summary>
    public string Username { get; init; } = "";

    /// <summary>Number of the effective user; null where status could not be read.</summary>
    public uint? Uid { get; init; }

    /// <summary>When it started; 1970 where the boot time is unknown.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>The cgroup paths in the kernel's order.</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];

    /// <summary>Unit, container and pod, as far as they are known.</summary>
    public ProcessIdentity Identity { get; init; } = ProcessIdentity.None;

    /// <summary>argv[0], or comm where there are no arguments.</summary>
    public string ExeFull => Cmdline.Count > 0 ? Cmdline[0] : Comm;

    /// <summary>The last part of <see cref="ExeFull"/>, as Go's filepath.Base cuts it.</summary>
    public string ExeBase => Cmdline.Count > 0 ? BaseName(Cmdline[0]) : Comm;

    /// <summary>The last part of a path: trailing slashes do not count, "" gives ".", "/" stays.</summary>
    public static string BaseName(string path)
    {
        string trimmed = path.TrimEnd('/');
        return trimmed.Length > 0 ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : path.Length > 0 ? "/" : ".";
    }
}
