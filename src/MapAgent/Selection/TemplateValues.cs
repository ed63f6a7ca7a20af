using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace MapAgent.Selection;

/// <summary>
/// The values a <see cref="NameTemplate"/> may print for one process. What the template does not need may stay at its default.
/// </summary>
internal readonly ref struct TemplateValues()
{
    internal string Comm { get; init; } = "";

    internal string ExeBase { get; init; } = "";

    internal string ExeFull { get; init; } = "";

    internal string Username { get; init; } = "";

    internal int Pid { get; init; }

    internal DateTimeOffset StartTime { get; init; }

    internal IReadOnlyList<string> Cgroups { get; init; } = [];

    /// <summary>The captures by name; "" for a group that took no part in the match.</summary>
    internal IReadOnlyDictionary<string, string> Matches { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
