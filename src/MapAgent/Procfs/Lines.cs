using System;

namespace MapAgent.Procfs;

/// <summary>Walks the lines of a kernel file. A last line without a newline was cut and is not given out.</summary>
internal ref struct Lines
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first line.</summary>
    public Lines(ReadOnlySpan<byte> text)
    {
        _rest = text;
        Current = default;
    }

    /// <summary>The line without its newline.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>What <c>foreach</c> asks for.</summary>
    public readonly Lines GetEnumerator() => this;

    /// <summary>Moves to the next whole line.</summary>
    public bool MoveNext()
    {
        int end = _rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            return false;
        }

        Current = _rest[..end];
        _rest = _rest[(end + 1)..];
        return true;
    }
}
