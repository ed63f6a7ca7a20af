using System;

namespace MapAgent.Selection;

/// <summary>What a <see cref="NameTemplate"/> asks of a process, so that no file is read for a name that does not need it.</summary>
[Flags]
internal enum TemplateFields
{
    /// <summary>Nothing: the name is the same for all.</summary>
    None = 0,

    /// <summary>.Comm, from stat.</summary>
    Comm = 1,

    /// <summary>.ExeBase or .ExeFull, from cmdline (and from stat where that is empty).</summary>
    Exe = 2,

    /// <summary>.Username, from status and the user database.</summary>
    Username = 4,

    /// <summary>.PID.</summary>
    Pid = 8,

    /// <summary>.StartTime, from stat and the boot time.</summary>
    StartTime = 16,

    /// <summary>.Cgroups, from cgroup.</summary>
    Cgroups = 32,

    /// <summary>.Matches, the captures of the rule's patterns.</summary>
    Matches = 64,
}
