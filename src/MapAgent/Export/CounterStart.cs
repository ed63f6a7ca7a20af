namespace MapAgent.Export;

/// <summary>When a counter of the node or of the agent began.</summary>
internal enum CounterStart
{
    /// <summary>With the agent.</summary>
    Agent,

    /// <summary>With the kernel.</summary>
    Boot,

    /// <summary>At some time before it was seen first, and again at any time since.</summary>
    Unknown,
}
