using System;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/smaps, a block for each mapping: a line as in maps, sizes like those of smaps_rollup, and
/// <c>VmFlags: rd wr mr mw me ac </c>. This is what is remembered between pieces of the file: the mapping that is being read.
/// </summary>
internal struct Smaps
{
    private int _line;
    private int _expected;
    private bool _isBegun;
    private bool _isFlagged;
    private bool _isMalformed;

    /// <summary>The sizes of the mapping; <c>Size</c> itself is not among them, because its first line says it too.</summary>
    public SmapsRollup Values;

    /// <summary>What the kernel notes of the mapping.</summary>
    public VmFlags Flags { get; private set; }

    /// <summary>How many mappings have begun.</summary>
    public long Mappings { get; private set; }

    /// <summary>How the file ended.</summary>
    /// <param name="read">How reading its bytes ended.</param>
    /// <returns>
    /// NoAddressSpace for an empty file; Malformed when a line could not be read or a mapping lacks its Rss or its flags, as when
    /// the file was cut.
    /// </returns>
    public readonly ReadOutcome Judge(ReadOutcome read) =>
        read != ReadOutcome.Ok ? read
        : _isMalformed ? ReadOutcome.Malformed
        : Mappings == 0 ? ReadOutcome.NoAddressSpace
        : IsWhole ? ReadOutcome.Ok : ReadOutcome.Malformed;

    /// <summary>True when a line could not be read; what is behind it is not looked at.</summary>
    internal readonly bool IsMalformed => _isMalformed;

    // Before Linux 3.8 there were no flags; smaps_rollup came with 4.14.
    private readonly bool IsWhole => !_isBegun && _isFlagged && Values[RollupField.Rss] is not null;

    /// <summary>Notes that a mapping begins. <see cref="Values"/> and <see cref="Flags"/> stay until its first line.</summary>
    internal bool Begin()
    {
        _isMalformed |= Mappings > 0 && !IsWhole;
        _isBegun = true;
        Mappings++;
        return !_isMalformed;
    }

    /// <summary>Takes lines for as long as they are the ones that are expected, laid out as expected.</summary>
    /// <returns>How many bytes they were.</returns>
    internal int TakeExpected(ReadOnlySpan<byte> lines)
    {
        Settle();
        int line = _line;
        int at = 0;
        while (SmapsSize.TryTake(lines[at..], line, out int field, out long bytes))
        {
            if (field >= 0)
            {
                Values.Set((RollupField)field, bytes);
                _expected = field + 1;
            }

            at += SmapsSize.Length;
            line++;
        }

        _line = line;
        return at;
    }

    /// <summary>Takes any other line. Unknown ones are passed over.</summary>
    internal bool Take(ReadOnlySpan<byte> line)
    {
        Settle();
        if (line.StartsWith("VmFlags:"u8))
        {
            Flags = VmFlagCodes.Parse(line[8..]);
            _isFlagged = true;
            return Mappings > 0;
        }

        // Most lines of every block, for which the names of all fields would be tried in vain.
        bool isKnownToBeNone = line.StartsWith("Size:"u8) || line.StartsWith("KernelPageSize:"u8)
            || line.StartsWith("MMUPageSize:"u8) || line.StartsWith("THPeligible:"u8) || line.StartsWith("ProtectionKey:"u8);
        if (Mappings == 0 || isKnownToBeNone)
        {
            return Mappings > 0;
        }

        bool isTaken = Values.Take(line, ref _expected);
        _line = SmapsSize.LineOf(_expected);
        return isTaken;
    }

    private void Settle()
    {
        if (_isBegun)
        {
            _isBegun = false;
            _isFlagged = false;
            _line = 0;
            _expected = 0;
            Values = default;
            Flags = VmFlags.None;
        }
    }

    /// <summary>Notes that the file cannot be understood.</summary>
    internal void Fail() => _isMalformed = true;
}

/// <summary>Walks the mappings in one piece of whole lines.</summary>
internal ref struct SmapsPiece
{
    private readonly ref Smaps _smaps;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first line of the piece.</summary>
    /// <param name="lines">Whole lines.</param>
    /// <param name="smaps">What is remembered from the pieces before.</param>
    public SmapsPiece(ReadOnlySpan<byte> lines, ref Smaps smaps)
    {
        _rest = lines;
        _smaps = ref smaps;
    }

    /// <summary>Reads up to the next mapping.</summary>
    /// <param name="mapping">Its first line. Sizes and flags are still those of the one before, now whole.</param>
    /// <returns>False at the end of the piece, or where it cannot be understood.</returns>
    public bool Next(out MapsLine mapping)
    {
        mapping = default;
        while (!_smaps.IsMalformed)
        {
            _rest = _smaps.Mappings > 0 ? _rest[_smaps.TakeExpected(_rest)..] : _rest;
            if (_rest.IsEmpty)
            {
                return false;
            }

            int end = _rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? default : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            // Addresses begin with a digit or a small letter, names with a capital.
            bool isMapping = line.Length > 0 && line[0] is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f');
            bool isUnderstood = end >= 0 && (isMapping ? MapsLine.TryParse(line, out mapping) && _smaps.Begin() : _smaps.Take(line));
            if (!isUnderstood)
            {
                _smaps.Fail();
            }
            else if (isMapping)
            {
                return true;
            }
        }

        return false;
    }
}
