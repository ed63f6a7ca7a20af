namespace MapAgent.Procfs;

/// <summary>
/// What tells a process from every other one, a reused pid included: proc(5) field 1 and field 22 of <c>stat</c>.
/// </summary>
/// <param name="Pid">The pid in the pid namespace of the procfs mount.</param>
/// <param name="StartTicks">Start time in clock ticks since boot. A pid reused within one tick (10 ms) repeats it.</param>
internal readonly record struct ProcessId(int Pid, ulong StartTicks);
