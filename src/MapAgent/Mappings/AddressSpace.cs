namespace MapAgent.Mappings;

/// <summary>
/// How much address space a process can have, where that is so little that it runs out: 32-bit programs. Their stack, which a
/// program cannot choose the place of, lies at the end of it, so nothing of theirs is above 4 GiB; every 64-bit program has its
/// own far above. A program under the 3 GiB limit of personality(2) has nothing above that.
/// </summary>
internal static class AddressSpace
{
    private const ulong Gigabyte = 1UL << 30;

    /// <summary>Bytes of address space; null when it is practically without end.</summary>
    /// <param name="end">End of the highest mapping, [vsyscall] apart.</param>
    public static long? Limit(ulong end) => end switch
    {
        0 or > 4 * Gigabyte => null,
        > 3 * Gigabyte => 4L << 30,
        _ => 3L << 30,
    };
}
