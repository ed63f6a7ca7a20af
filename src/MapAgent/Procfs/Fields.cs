using System;

namespace MapAgent.Procfs;

/// <summary>
/// Walks numbers parted by single blanks. A field counts only when a blank ends it, or the newline at the end of the
/// text, so that a cut file is malformed and never a smaller number.
/// </summary>
internal ref struct Fields
{
    private readonly ReadOnlySpan<byte> _text;
    private int _at;

    /// <summary>Starts at the first digit of the first field.</summary>
    public Fields(ReadOnlySpan<byte> text)
    {
        _text = text;
        _at = 0;
        Complete = true;
    }

    /// <summary>False as soon as a field was missing, cut, or no number.</summary>
    public bool Complete { get; private set; }

    /// <summary>The next field; 0 and not <see cref="Complete"/> when it is no number or does not fit 64 bits.</summary>
    public ulong Unsigned()
    {
        ReadOnlySpan<byte> text = _text;
        int at = _at;
        ulong value = 0;
        int start = at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
        {
            ulong digit = (uint)(text[at] - '0');
            if (value > (ulong.MaxValue - digit) / 10)
            {
                Complete = false;
                return 0;
            }

            value = (value * 10) + digit;
            at++;
        }

        if (at == start || at == text.Length || (text[at] != ' ' && (text[at] != '\n' || at + 1 < text.Length)))
        {
            Complete = false;
            return 0;
        }

        _at = at + 1;
        return value;
    }

    /// <summary>The next field, which may be negative.</summary>
    public long Signed()
    {
        bool negative = _at < _text.Length && _text[_at] == '-';
        _at += negative ? 1 : 0;
        ulong value = Unsigned();
        if (value > long.MaxValue)
        {
            Complete = false;
            return 0;
        }

        return negative ? -(long)value : (long)value;
    }

    /// <summary>Passes over fields without reading them as numbers.</summary>
    public void Skip(int count)
    {
        for (; count > 0; count--)
        {
            int end = _text[Math.Min(_at, _text.Length)..].IndexOf((byte)' ');
            if (end < 0)
            {
                Complete = false;
                return;
            }

            _at += end + 1;
        }
    }
}
