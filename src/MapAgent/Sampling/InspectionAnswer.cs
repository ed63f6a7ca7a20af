using MapAgent.Mappings;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>What came of looking at a process.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Inspection">What was read; null when there is no such process.</param>
/// <param name="Failure">The errno behind <see cref="ReadOutcome.Failed"/>.</param>
internal sealed record InspectionAnswer(ReadOutcome Outcome, Inspection? Inspection, int Failure);
