using System;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>
/// The largest members of one series, by proportional set size where it is measured and by resident size where it is not. They are
/// handed out as an array that never changes; while no number of them does, every snapshot gets the same array.
/// </summary>
internal sealed class LargestMembers
{
    /// <summary>How many are kept; the others are in the sums only.</summary>
    public const int Most = 20;

    private ProcessRecord[] _records = [];
    private long[] _sizes = [];
    private int _count;
    private MemberSnapshot[] _last = [];

    /// <summary>Forgets the members of the last pass.</summary>
    public void Clear()
    {
        // Those that ended must not be kept alive.
        _records.AsSpan(0, _count).Clear();
        _count = 0;
    }

    /// <summary>Keeps a member if it is one of the largest; of equal ones the first.</summary>
    public void Add(ProcessRecord process)
    {
        long size = (process.HasRollup ? process.Rollup[RollupField.Pss] : null) ?? process.ResidentBytes;
        if (_count == Most && size <= _sizes[Most - 1])
        {
            return;
        }

        if (_count == _records.Length && _count < Most)
        {
            int room = Math.Min(Most, Math.Max(1, _count * 2));
            Array.Resize(ref _records, room);
            Array.Resize(ref _sizes, room);
        }

        int place = _count < Most ? _count++ : Most - 1;
        for (; place > 0 && _sizes[place - 1] < size; place--)
        {
            _records[place] = _records[place - 1];
            _sizes[place] = _sizes[place - 1];
        }

        _records[place] = process;
        _sizes[place] = size;
    }

    /// <summary>The members as they are now, the largest first.</summary>
    public MemberSnapshot[] Take()
    {
        bool same = _last.Length == _count;
        for (int i = 0; i < _count && same; i++)
        {
            same = _last[i] == MemberSnapshot.Of(_records[i]);
        }

        if (!same)
        {
            MemberSnapshot[] members = new MemberSnapshot[_count];
            for (int i = 0; i < members.Length; i++)
            {
                members[i] = MemberSnapshot.Of(_records[i]);
            }

            _last = members;
        }

        return _last;
    }
}
