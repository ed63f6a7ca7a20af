using MapAgent.Mappings;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>What came of looking at a process.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Inspection">What was read; null when there is no such process.</param>
/// <param name="Failure">The errno behind <see cref="ReadOutcome.Failed"/>.</param>
internal sealed record InspectionAnswer(ReadOutcome Outcome, Inspection? Inspection, int Failure)
{
    /// <summary>There is something to show.</summary>
    public bool IsShown => Outcome == ReadOutcome.Ok;

    /// <summary>There is no such process, or it has no memory.</summary>
    public bool IsAbsent => Outcome is ReadOutcome.Gone or ReadOutcome.NoAddressSpace;

    /// <summary>The agent may not look at it.</summary>
    public bool IsDenied => Outcome == ReadOutcome.Denied;
}
