namespace MapAgent.Sampling;

/// <summary>A process whose rollup is expected to hold its lock for longer than <c>max_read</c>, so that it is read rarely.</summary>
/// <param name="Pid">The pid.</param>
/// <param name="Group">Its group.</param>
/// <param name="PredictedSeconds">How long the next read is expected to take.</param>
/// <param name="EverySeconds">The least time between two reads.</param>
/// <param name="IsNew">True in the first snapshot that lists it.</param>
internal sealed record Giant(int Pid, string Group, double PredictedSeconds, double EverySeconds, bool IsNew);
