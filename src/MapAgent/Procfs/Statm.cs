using System;

namespace MapAgent.Procfs;

/// <summary>/proc/PID/statm: seven counts of pages in one line, <c>672 331 290 5 0 96 0</c>; zeros without an address space.</summary>
internal struct Statm
{
    /// <summary>Address space.</summary>
    public ulong SizePages;

    /// <summary>Resident.</summary>
    public ulong ResidentPages;

    /// <summary>Resident and backed by a file or shared memory.</summary>
    public ulong SharedPages;

    /// <summary>Reads the file.</summary>
    /// <returns>Ok or Malformed.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out Statm statm)
    {
        Fields fields = new(text);
        statm = new Statm { SizePages = fields.Unsigned(), ResidentPages = fields.Unsigned(), SharedPages = fields.Unsigned() };
        fields.Skip(3);
        fields.Unsigned();
        return fields.Complete ? ReadOutcome.Ok : ReadOutcome.Malformed;
    }
}
