namespace MapAgent.Sampling;

/// <summary>The section <c>limits</c> of the configuration: bounds on what the outside can make the agent keep.</summary>
internal sealed class LimitOptions
{
    /// <summary>Groups with live members, one in several containers once for each; processes of further ones are counted in the group <c>other</c>.</summary>
    public int Groups { get; set; } = 500;

    /// <summary>Processes with a series of their own on the node; further ones share <c>pid="other"</c> in their group.</summary>
    public int PerProcess { get; set; } = 100;

    /// <summary>Characters of a label value.</summary>
    public int LabelLength { get; set; } = 128;
}
