namespace MapAgent.Mappings;

/// <summary>What mappings of one kind take. Sums saturate, so that hostile files give no negative one.</summary>
/// <param name="Pss">Resident, each page divided by how many map it; rounded down to KiB by the kernel for each mapping.</param>
/// <param name="Rss">Resident.</param>
/// <param name="Virtual">Address space.</param>
/// <param name="Swap">Swapped out.</param>
internal readonly record struct KindBytes(long Pss, long Rss, long Virtual, long Swap)
{
    /// <summary>The sum of two.</summary>
    public KindBytes Plus(in KindBytes other) =>
        new(Sum(Pss, other.Pss), Sum(Rss, other.Rss), Sum(Virtual, other.Virtual), Sum(Swap, other.Swap));

    /// <summary>The sum of two numbers that are not negative, the greatest number where it would not fit.</summary>
    public static long Sum(long one, long other)
    {
        long sum = unchecked(one + other);
        return sum < 0 ? long.MaxValue : sum;
    }
}
