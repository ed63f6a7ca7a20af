namespace MapAgent.Selection;

/// <summary>When the rollups of a group's members are read.</summary>
internal enum RollupPolicy
{
    /// <summary>As the budget allows.</summary>
    Budget,

    /// <summary>In every pass, whatever it costs.</summary>
    Always,

    /// <summary>Not at all.</summary>
    Never,
}
