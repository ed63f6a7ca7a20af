using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using MapAgent.Identity;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;

namespace MapAgent.Commands;

/// <summary>One process for a terminal. What is unknown is a dash.</summary>
internal static class InspectText
{
    private const int MostFiles = 15;
    private const int MostDeleted = 10;
    private const int MostArguments = 200;

    /// <summary>All that is known, the memory first.</summary>
    public static string Render(Inspection process, UserNames users, ProcessIdentity? identity = null)
    {
        StringBuilder text = new();
        Head(text, process, users);
        Identity(text, identity ?? ProcessIdentity.None);
        if (process.Rollup is { } rollup)
        {
            Rollup(text, rollup);
        }

        if (process.Anatomy is { } anatomy)
        {
            Kinds(text, anatomy);
            Files(text, anatomy, process);
            text.Append('\n');
            Line(text, "hints", List(Advices.Labels, i => anatomy.Sums[(Advice)i]));
            Line(text, "remote", List(RemoteTypes.Labels, i => anatomy.Sums[(RemoteType)i]));
            Deleted(text, anatomy);
            Line(text, "mappings", Mappings(anatomy, process.MappingsLimit));
        }

        Line(text, "limits", Limits(process.Limits));
        Line(text, "faults", Faults(process));
        return text.ToString();
    }

    private static void Head(StringBuilder text, Inspection process, UserNames users)
    {
        text.Append(CultureInfo.InvariantCulture, $"{Printable(process.Comm)} [{process.Id.Pid}]");
        if (process.Uid is { } uid)
        {
            text.Append("  user ").Append(Printable(users.Of(uid)));
        }

        if (process.FaultsSinceStart is { } life)
        {
            text.Append("  running for ").Append(Age(life.Seconds));
        }

        text.Append('\n');
        string arguments = Printable(string.Join(' ', process.Cmdline));
        if (arguments.Length > 0)
        {
            text.Append("  ").Append(arguments.Length > MostArguments ? arguments[..MostArguments] + " ..." : arguments).Append('\n');
        }

        text.Append('\n');
    }

    private static void Identity(StringBuilder text, ProcessIdentity identity)
    {
        CgroupFacts cgroup = identity.Cgroup;
        Known(text, "unit", cgroup.UserUnit is null ? cgroup.Unit : $"{cgroup.UserUnit} of {cgroup.Unit}");
        Known(text, "container", cgroup.ContainerId is not { } id ? null
            : (identity.Container is { } name ? name + "  " : "") + (cgroup.Runtime is { } runtime ? $"{runtime} {id}" : id));
        Known(text, "pod", cgroup.PodUid is not { } uid ? null
            : (identity.Pod is { } pod ? $"{identity.Namespace}/{pod}  " : "") + $"{cgroup.Qos.Text()} {uid}".TrimStart());
        text.Append(cgroup is { Unit: null, ContainerId: null, PodUid: null } ? "" : "\n");
    }

    private static void Known(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            Line(text, name, Printable(value));
        }
    }

    private static void Rollup(StringBuilder text, SmapsRollup rollup)
    {
        Line(text, "PSS", $"{Size(rollup[RollupField.Pss])}: anonymous {Size(rollup[RollupField.PssAnon])}, files {Size(rollup[RollupField.PssFile])}, "
            + $"shared memory {Size(rollup[RollupField.PssShmem])}; dirty {Size(rollup[RollupField.PssDirty])}");
        Line(text, "USS", $"{Size(rollup.Uss)}: clean {Size(rollup[RollupField.PrivateClean])}, dirty {Size(rollup[RollupField.PrivateDirty])}");
        Line(text, "RSS", $"{Size(rollup[RollupField.Rss])}: shared {Size(rollup[RollupField.SharedClean] + rollup[RollupField.SharedDirty])}");
        Line(text, "swap", $"{Size(rollup[RollupField.Swap])}, its proportional share {Size(rollup[RollupField.SwapPss])}");
        Line(text, "of it", $"locked {Size(rollup[RollupField.Locked])}, lazily freed {Size(rollup[RollupField.LazyFree])}, huge pages "
            + $"{Size(rollup[RollupField.AnonHugePages] + (rollup[RollupField.ShmemPmdMapped] ?? 0) + (rollup[RollupField.FilePmdMapped] ?? 0))}");
        if (rollup[RollupField.PrivateHugetlb] + rollup[RollupField.SharedHugetlb] is > 0 and { } huge)
        {
            Line(text, "hugetlb", $"{Size(huge)}, in none of the sums above");
        }
    }

    private static void Kinds(StringBuilder text, Anatomy anatomy)
    {
        long all = Math.Max(1, anatomy.Sums.All.Pss);
        List<string[]> rows = [["KIND", "PSS", "", "RSS", "VIRTUAL", "SWAP"]];
        rows.AddRange(Enum.GetValues<MappingKind>().Select(kind => (Kind: kind, Bytes: anatomy.Sums[kind])).Where(static kind => kind.Bytes != default)
            .OrderByDescending(static kind => (kind.Bytes.Pss, kind.Bytes.Rss, kind.Bytes.Virtual))
            .Select(kind => (string[])
            [
                kind.Kind.Label(), Size(kind.Bytes.Pss), ShmText.Bar(kind.Bytes.Pss, all), Size(kind.Bytes.Rss), Size(kind.Bytes.Virtual), Size(kind.Bytes.Swap),
            ]));
        Table(text, rows, left: [0, 2]);
    }

    private static void Files(StringBuilder text, Anatomy anatomy, Inspection process)
    {
        if (anatomy.FileCount == 0)
        {
            return;
        }

        List<string[]> rows = [["PSS", "RSS", "DIRTY", "CACHED", "OF", "FILE"]];
        FileBytes others = anatomy.OtherFiles;
        int shown = Math.Min(MostFiles, anatomy.Files.Length);
        for (int i = 0; i < anatomy.Files.Length; i++)
        {
            MappedFile file = anatomy.Files[i];
            if (i < shown)
            {
                CacheStat? cache = i < process.Caches.Count ? process.Caches[i] : null;
                rows.Add([Size(file.Bytes.Pss), Size(file.Bytes.Rss), Size(file.Bytes.Dirty), Size(cache?.Cached * process.PageSize), Size(cache?.FileBytes), Printable(file.Path) + (file.IsDeleted ? "  (deleted)" : "")]);
            }
            else
            {
                others = others.Plus(file.Bytes);
            }
        }

        if (anatomy.FileCount > shown)
        {
            rows.Add([Size(others.Pss), Size(others.Rss), Size(others.Dirty), "", "", string.Create(CultureInfo.InvariantCulture, $"{anatomy.FileCount - shown} others")]);
        }

        Table(text, rows, left: [5]);
    }

    private static void Deleted(StringBuilder text, Anatomy anatomy)
    {
        if (anatomy.DeletedFiles == 0)
        {
            return;
        }

        Line(text, "deleted", string.Create(CultureInfo.InvariantCulture,
            $"{(anatomy.DeletedFiles == 1 ? "1 mapped file is" : $"{anatomy.DeletedFiles} mapped files are")} no longer on disk, {anatomy.DeletedPrograms} of them binaries or libraries: what replaced those runs after a restart"));
        foreach (DeletedFile file in anatomy.Deleted[..Math.Min(MostDeleted, anatomy.Deleted.Length)])
        {
            Line(text, "", Printable(file.Path));
        }
    }

    private static string Mappings(Anatomy anatomy, long? limit)
    {
        string count = string.Create(CultureInfo.InvariantCulture, $"{anatomy.Mappings} of {(limit is { } most ? $"{most} ({100.0 * anatomy.Mappings / most:F1} %)" : "-")}");
        return anatomy.AddressSpaceUsed is { } used
            ? count + string.Create(CultureInfo.InvariantCulture, $"; 32 bits: {100 * used:F1} % of {Size(anatomy.AddressSpaceLimit)} of address space in use")
            : count;
    }

    private static string Limits(ProcessLimits? limits) => limits is not { } known ? "-"
        : $"address space {Limit(known.AddressSpace)}, data {Limit(known.Data)}, stack {Limit(known.Stack)}, locked {Limit(known.Locked)}";

    private static string Limit(long? limit) => limit == ProcessLimits.Unlimited ? "unlimited" : Size(limit);

    private static string Faults(Inspection process)
    {
        string now = process.Faults is { } faults
            ? string.Create(CultureInfo.InvariantCulture, $"{faults.MajorPerSecond:F1} major and {faults.MinorPerSecond:F1} minor in a second, in the last {faults.Seconds:F1} s; ")
            : "it has ended since; ";
        string cause = FaultCauses.Of(process) is { } why ? $"; cause: {FaultCauses.Labels[(int)why]}" : "";
        string life = process.FaultsSinceStart is { } all
            ? string.Create(CultureInfo.InvariantCulture, $" ({all.MajorPerSecond:F1} and {all.MinorPerSecond:F1} in a second)") : "";
        return now + string.Create(CultureInfo.InvariantCulture, $"{process.MajorFaults} and {process.MinorFaults} since its start{life}{cause}");
    }

    private static string List(ReadOnlySpan<string> labels, Func<int, long> value)
    {
        List<string> parts = [];
        for (int i = 0; i < labels.Length; i++)
        {
            if (value(i) > 0)
            {
                parts.Add($"{labels[i]} {Size(value(i))}");
            }
        }

        return parts.Count == 0 ? "none" : string.Join(", ", parts) + " of address space";
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name,-10}{value}\n");

    private static void Table(StringBuilder text, List<string[]> rows, int[] left)
    {
        int columns = rows[0].Length;
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => rows.Max(row => row[column].Length))];
        text.Append('\n');
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) => left.Contains(column) ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
    }

    private static string Age(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:F0} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:F0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:F0} d"),
    };

    private static string Size(long? bytes) => GroupTableText.Size(bytes);

    private static string Printable(string text) => GroupTableText.Printable(text);
}
