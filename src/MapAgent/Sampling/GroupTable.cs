using System;
using System.Collections.Generic;
using System.Globalization;
using MapAgent.Identity;
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

    private static readonly SeriesLabels s_other = new(Other);
    private static readonly TimeSpan s_memory = TimeSpan.FromHours(1);
    private readonly Dictionary<SeriesLabels, Series> _series = [];

    // Members of each group, apart for each container: labels without pid.
    private readonly Dictionary<SeriesLabels, int> _members = [];
    private readonly List<Series> _live = [];
    private bool _ordered = true;
    private readonly int[] _crowdedOut = new int[3];
    private int _liveProcesses;

    /// <summary>The limits, which a reload may change.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>Whether processes carry the id of a container that has no name.</summary>
    public bool ShowsContainerIds { get; set; }

    /// <summary>All series with members, ordered by group.</summary>
    public IReadOnlyList<Series> Live()
    {
        if (!_ordered)
        {
            _live.Sort(static (a, b) => SeriesLabels.Compare(a.Labels, b.Labels));
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
        SeriesLabels place = PlaceOf(process, name, out bool cut);
        if (cut)
        {
            truncations.Record(Truncation.Label);
        }

        process.CrowdedOut = Crowding.None;
        if (!HasRoomFor(place))
        {
            truncations.Record(Truncation.Groups);
            process.CrowdedOut = Crowding.Groups;
            place = s_other;
        }

        string? pid = rule.Options.PerProcess ? Pid(process) : null;
        Series series = Find(pid is null ? place : place with { Pid = pid });
        process.Series = series;
        process.Rule = rule;
        _crowdedOut[(int)process.CrowdedOut]++;
        _members[place] = _members.GetValueOrDefault(place) + 1;
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
        if (process.Series is { Labels: { } labels } && labels with { Pid = null } == PlaceOf(process, name, out _)
            && labels.Pid is null != rule.Options.PerProcess && !(process.CrowdedOut == Crowding.Processes && RoomFor(Crowding.Processes) > 0))
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
        _crowdedOut[(int)process.CrowdedOut]--;
        SeriesLabels place = series.Labels with { Pid = null };
        if (--_members[place] == 0)
        {
            _members.Remove(place);
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
            _series.Remove(series.Labels);
        }
    }

    /// <summary>Forgets groups that have had no member for an hour, and the oldest of too many.</summary>
    public void Forget()
    {
        foreach (Series series in _series.Values)
        {
            if (series.Members == 0 && clock.GetElapsedTime(series.DormantSince) > s_memory)
            {
                _series.Remove(series.Labels);
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
            _series.Remove(series.Labels);
        }

        truncations.Record(Truncation.DormantGroups, count);
    }

    /// <summary>Whether a limit keeps a process out of its place.</summary>
    public bool HasCrowdedOut(Crowding crowding) => _crowdedOut[(int)crowding] > 0;

    /// <summary>How many more there may be of what has crowded a process out.</summary>
    public int RoomFor(Crowding crowding) => crowding switch
    {
        Crowding.Groups => Limits.Groups - _members.Count + (_members.ContainsKey(s_other) ? 1 : 0),
        Crowding.Processes => Limits.PerProcess - _liveProcesses,
        _ => 0,
    };

    private bool HasRoomFor(SeriesLabels place) => place == s_other || _members.ContainsKey(place) || RoomFor(Crowding.Groups) > 0;

    // Names of Kubernetes are short by its own rules, and must not be cut: they are joined with those of others.
    private SeriesLabels PlaceOf(ProcessRecord process, string name, out bool cut)
    {
        ProcessIdentity identity = process.Identity;
        bool isBare = ShowsContainerIds && identity.Cgroup.PodUid is null;
        return new SeriesLabels(
            LabelText.Bound(name, Limits.LabelLength, out cut), null, identity.Namespace, identity.Pod,
            identity.Container ?? (isBare ? identity.Cgroup.ShortContainerId : null));
    }

    private string Pid(ProcessRecord process)
    {
        if (_liveProcesses < Limits.PerProcess)
        {
            return process.Id.Pid.ToString(CultureInfo.InvariantCulture);
        }

        truncations.Record(Truncation.PerProcess);
        process.CrowdedOut = process.CrowdedOut == Crowding.None ? Crowding.Processes : process.CrowdedOut;
        return Other;
    }

    private Series Find(SeriesLabels labels)
    {
        if (!_series.TryGetValue(labels, out Series? series))
        {
            series = new Series(labels, clock.GetUtcNow());
            _series.Add(labels, series);
        }

        return series;
    }
}
