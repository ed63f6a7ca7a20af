using System;
using System.Collections.Generic;
using System.Globalization;
using MapAgent.Procfs;
using MapAgent.Selection;

namespace MapAgent.Sampling;

/// <summary>
/// Which series a process is counted in, within the limits. A group keeps its counters for an hour after its last member left.
/// </summary>
internal sealed class GroupTable(Truncations truncations, TimeProvider clock)
{
    /// <summary>The group, and the pid, of those for which the limits leave no place of their own.</summary>
    public const string Other = "other";

    /// <summary>Groups without members are remembered so many times as groups with members are allowed.</summary>
    private const int DormantPerGroup = 4;

    private static readonly TimeSpan s_memory = TimeSpan.FromHours(1);
    private readonly Dictionary<(string Group, string? Pid), Series> _series = [];
    private readonly Dictionary<string, int> _members = [];
    private readonly List<Series> _live = [];
    private bool _ordered = true;
    private int _liveProcesses;

    /// <summary>The limits, which a reload may change.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>All series with members, ordered by group.</summary>
    public IReadOnlyList<Series> Live()
    {
        if (!_ordered)
        {
            _live.Sort(static (a, b) => string.CompareOrdinal(a.Labels.Group, b.Labels.Group) is not 0 and int order
                ? order
                : string.CompareOrdinal(a.Labels.Pid, b.Labels.Pid));
            _ordered = true;
        }

        return _live;
    }

    /// <summary>Gives a process its place; it must have none.</summary>
    /// <param name="process">Becomes a member.</param>
    /// <param name="rule">The rule that named the group.</param>
    /// <param name="name">What its template gave: any text of any length.</param>
    public void Join(ProcessRecord process, Rule rule, string name)
    {
        string group = LabelText.Bound(name, Limits.LabelLength, out bool cut);
        if (cut)
        {
            truncations.Record(Truncation.Label);
        }

        if (!HasRoomFor(group))
        {
            truncations.Record(Truncation.Groups);
            group = Other;
        }

        string? pid = rule.Options.PerProcess ? Pid(process.Id) : null;
        Series series = Find((group, pid));
        process.Series = series;
        process.Rule = rule;
        _members[group] = _members.GetValueOrDefault(group) + 1;
        if (series.Members++ == 0)
        {
            _live.Add(series);
            _ordered = false;
            _liveProcesses += pid is null or Other ? 0 : 1;
        }
    }

    /// <summary>Gives a process its place again after it was matched anew; its series lives on when the answer is the same.</summary>
    /// <param name="process">Becomes, or stays, a member.</param>
    /// <param name="rule">The rule that named the group.</param>
    /// <param name="name">What its template gave.</param>
    public void Move(ProcessRecord process, Rule rule, string name)
    {
        if (process.Series is { Labels: { } labels } && labels.Group == LabelText.Bound(name, Limits.LabelLength, out _)
            && labels.Pid is null != rule.Options.PerProcess)
        {
            process.Rule = rule;
            return;
        }

        Leave(process);
        Join(process, rule, name);
    }

    /// <summary>Takes a process out of its series, if it has one.</summary>
    public void Leave(ProcessRecord process)
    {
        if (process.Series is not { } series)
        {
            return;
        }

        process.Series = null;
        process.Rule = null;
        string group = series.Labels.Group;
        if (--_members[group] == 0)
        {
            _members.Remove(group);
        }

        if (--series.Members > 0)
        {
            return;
        }

        _live.Remove(series);
        series.DormantSince = clock.GetTimestamp();
        string? pid = series.Labels.Pid;
        if (pid is not (null or Other))
        {
            // A pid never returns as the same process: there is nothing to wait for.
            _liveProcesses--;
            _series.Remove((group, pid));
        }
    }

    /// <summary>Forgets groups that have had no member for an hour, and the oldest of too many.</summary>
    public void Forget()
    {
        foreach (Series series in _series.Values)
        {
            if (series.Members == 0 && clock.GetElapsedTime(series.DormantSince) > s_memory)
            {
                _series.Remove((series.Labels.Group, series.Labels.Pid));
            }
        }

        int tooMany = _series.Count - _live.Count - (Limits.Groups * DormantPerGroup);
        if (tooMany > 0)
        {
            ForgetOldest(tooMany);
        }
    }

    private void ForgetOldest(int count)
    {
        List<Series> dormant = [];
        foreach (Series series in _series.Values)
        {
            if (series.Members == 0)
            {
                dormant.Add(series);
            }
        }

        dormant.Sort(static (a, b) => a.DormantSince.CompareTo(b.DormantSince));
        foreach (Series series in dormant.GetRange(0, count))
        {
            _series.Remove((series.Labels.Group, series.Labels.Pid));
        }

        truncations.Record(Truncation.DormantGroups, count);
    }

    private bool HasRoomFor(string group) =>
        group == Other || _members.ContainsKey(group) || _members.Count - (_members.ContainsKey(Other) ? 1 : 0) < Limits.Groups;

    private string Pid(ProcessId id)
    {
        if (_liveProcesses < Limits.PerProcess)
        {
            return id.Pid.ToString(CultureInfo.InvariantCulture);
        }

        truncations.Record(Truncation.PerProcess);
        return Other;
    }

    private Series Find((string Group, string? Pid) key)
    {
        if (!_series.TryGetValue(key, out Series? series))
        {
            series = new Series(new SeriesLabels(key.Group, key.Pid), clock.GetUtcNow());
            _series.Add(key, series);
        }

        return series;
    }
}
