using System.Globalization;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>Says why a process cannot be shown, and what would help.</summary>
internal static class InspectionRefusal
{
    /// <summary>One sentence about an answer over HTTP.</summary>
    public static string Text(int pid, InspectionAnswer answer) =>
        Text(pid, answer.Inspection?.Comm, answer.Outcome, answer.Inspection, answer.Failure);

    /// <summary>One sentence.</summary>
    /// <param name="pid">Who was asked for.</param>
    /// <param name="name">The process's name for the reader's eyes; null when there is no such process.</param>
    /// <param name="outcome">How reading it ended; not Ok.</param>
    /// <param name="inspection">What is known of it.</param>
    /// <param name="errno">Behind <see cref="ReadOutcome.Failed"/>.</param>
    public static string Text(int pid, string? name, ReadOutcome outcome, Inspection? inspection, int errno)
    {
        string who = string.Create(CultureInfo.InvariantCulture, $"process {pid}{(name is null ? "" : $" ({name})")}");
        return outcome switch
        {
            ReadOutcome.Gone when inspection is null => $"there is no {who}",
            ReadOutcome.Gone => $"{who} ended, or replaced its image again and again, while it was read",
            ReadOutcome.NoAddressSpace when inspection is { IsKernelThread: true } => $"{who} is a kernel thread: it has no memory of its own",
            ReadOutcome.NoAddressSpace => $"{who} has ended and waits for its parent: it has no memory any more",
            ReadOutcome.Denied => $"{who} may not be read: run as its user, as root or with CAP_SYS_PTRACE; mapagent doctor tells what is missing here",
            ReadOutcome.Malformed => $"smaps of {who} is not what the kernel documents; nothing of it can be trusted",
            _ => string.Create(CultureInfo.InvariantCulture, $"{who} cannot be read (errno {errno})"),
        };
    }
}
