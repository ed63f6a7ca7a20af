namespace MapAgent.Mappings;

/// <summary>What the mappings of one file take.</summary>
/// <param name="Pss">Resident, each page divided by how many map it.</param>
/// <param name="Rss">Resident.</param>
/// <param name="Dirty">Changed and not written back, or changed privately.</param>
internal readonly record struct FileBytes(long Pss, long Rss, long Dirty)
{
    /// <summary>The sum of two.</summary>
    public FileBytes Plus(in FileBytes other) =>
        new(KindBytes.Sum(Pss, other.Pss), KindBytes.Sum(Rss, other.Rss), KindBytes.Sum(Dirty, other.Dirty));

    /// <summary>What is left when a part is taken away; never less than nothing.</summary>
    public FileBytes Minus(in FileBytes part) => new(Left(Pss, part.Pss), Left(Rss, part.Rss), Left(Dirty, part.Dirty));

    private static long Left(long all, long part) => all > part ? all - part : 0;
}
