using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>A whole field as a decimal number.</summary>
internal static class Digits
{
    /// <summary>
    /// Reads a field that holds digits and nothing else. The parsers of the library also take a plus, and some take NULs behind
    /// the number; the kernel prints neither.
    /// </summary>
    /// <param name="field">The field without what parts it from the next.</param>
    /// <param name="most">The largest number that is believed.</param>
    /// <param name="number">The number; 0 when it is none.</param>
    public static bool TryRead(ReadOnlySpan<byte> field, ulong most, out ulong number)
    {
        bool good = !field.IsEmpty && field[0] is >= (byte)'0' and <= (byte)'9';
        ulong value = 0;
        good = good && Utf8Parser.TryParse(field, out value, out int used) && used == field.Length && value <= most;
        number = good ? value : 0;
        return good;
    }
}
