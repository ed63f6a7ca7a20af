using System;
using System.Text;
using MapAgent.Identity;
using MapAgent.Procfs;
using MapAgent.Selection;

namespace MapAgent.Sampling;

/// <summary>Asks the rules about one process, reading only the files that some rule looks at.</summary>
internal sealed class Matching(ProcReader reader, SystemFacts system, UserNames users, IdentityTurn identities)
{
    /// <summary>The first rule that matches and the group it names; null when none does.</summary>
    /// <param name="rules">The rules in force.</param>
    /// <param name="directory">The process's open directory.</param>
    /// <param name="stat">Its <c>stat</c>. The text behind it is overwritten here.</param>
    /// <param name="cgroup">Takes the cgroup that it is in.</param>
    /// <param name="isSettled">False when the answer may be another as soon as a running exec is over.</param>
    public (Rule Rule, string Group)? Match(
        RuleSet rules, in ProcessDirectory directory, scoped in Stat stat, out KnownCgroup cgroup, out bool isSettled)
    {
        int pid = stat.Pid;
        string comm = Encoding.UTF8.GetString(stat.Comm);
        DateTimeOffset start = system.StartDate(stat.StartTicks);
        bool alive = stat.HasAddressSpace;
        cgroup = identities.Read(directory);
        uint? uid = rules.NeedsUser && reader.ReadStatus(directory, out Status status) == ReadOutcome.Ok ? status.EffectiveUid : null;
        string[] arguments = [];
        string[] cgroups = [];
        if (rules.NeedsCmdline)
        {
            reader.ReadCmdline(directory, out arguments);
        }

        if (rules.NeedsCgroup)
        {
            reader.ReadCgroup(directory, out cgroups);
        }

        // In the middle of an exec there are no arguments yet.
        isSettled = arguments.Length > 0 || !rules.NeedsCmdline || !alive;
        return rules.Match(new ProcessFacts
        {
            Pid = pid,
            Comm = comm,
            Cmdline = arguments,
            Cgroups = cgroups,
            Identity = cgroup.Identity,
            Uid = uid,
            Username = uid is { } number ? users.Of(number) : "",
            StartTime = start,
        });
    }
}
