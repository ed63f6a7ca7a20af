using System;

namespace MapAgent.Mappings;

/// <summary>Picks the largest files by Pss, then by Rss, then in the order of the addresses, without sorting all of them.</summary>
internal sealed class LargestFiles(int bound)
{
    private readonly int[] _picked = new int[bound];

    /// <summary>The numbers of the largest, the largest first.</summary>
    public ReadOnlySpan<int> Pick(FileTable files)
    {
        int count = 0;
        for (int i = 0; i < files.Count; i++)
        {
            if (!files[i].IsUsed || (count == bound && !IsLarger(files, i, _picked[count - 1])))
            {
                continue;
            }

            int at = count < bound ? count++ : count - 1;
            for (; at > 0 && IsLarger(files, i, _picked[at - 1]); at--)
            {
                _picked[at] = _picked[at - 1];
            }

            _picked[at] = i;
        }

        return _picked.AsSpan(0, count);
    }

    private static bool IsLarger(FileTable files, int one, int other) =>
        (files[one].Bytes.Pss, files[one].Bytes.Rss).CompareTo((files[other].Bytes.Pss, files[other].Bytes.Rss)) > 0;
}
