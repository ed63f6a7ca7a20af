using System;
using System.Collections.Generic;

namespace MapAgent.Selection;

/// <summary>One entry of <c>process_names</c> as it was written, before templates and expressions are compiled.</summary>
internal sealed class RuleOptions
{
    /// <summary>Template of the group's name; empty means <c>{{.ExeBase}}</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Any of; null when the key is absent.</summary>
    public IReadOnlyList<string>? Comm { get; set; }

    /// <summary>Any of; with a slash the whole argv[0], without one its last part.</summary>
    public IReadOnlyList<string>? Exe { get; set; }

    /// <summary>All of; regular expressions over the arguments joined by blanks.</summary>
    public IReadOnlyList<string>? Cmdline { get; set; }

    /// <summary>Any of; globs over the user's name or number.</summary>
    public IReadOnlyList<string>? User { get; set; }

    /// <summary>Any of; globs over the systemd unit.</summary>
    public IReadOnlyList<string>? Unit { get; set; }

    /// <summary>Any of; globs over the Kubernetes namespace.</summary>
    public IReadOnlyList<string>? Namespace { get; set; }

    /// <summary>Any of; globs over the pod's name.</summary>
    public IReadOnlyList<string>? Pod { get; set; }

    /// <summary>Any of; globs over the container's name.</summary>
    public IReadOnlyList<string>? Container { get; set; }

    /// <summary>Members below this resident size keep their place in the group but their rollup is not read.</summary>
    public long MinRssBytes { get; set; }

    /// <summary>Members younger than this keep their place in the group but their rollup is not read.</summary>
    public TimeSpan MinAge { get; set; }

    /// <summary>Adds the label <c>pid</c>.</summary>
    public bool PerProcess { get; set; }

    /// <summary>Deep reads for this group.</summary>
    public bool Mappings { get; set; }

    /// <summary>When the rollup is read.</summary>
    public RollupPolicy Rollup { get; set; }
}
