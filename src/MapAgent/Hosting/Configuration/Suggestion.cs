using System;
using System.Collections.Generic;

namespace MapAgent.Hosting.Configuration;

/// <summary>Finds what was probably meant.</summary>
internal static class Suggestion
{
    /// <summary>The nearest known word, if it is near: at most a third of its letters differ.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        string? best = null;
        int least = int.MaxValue;
        foreach (string candidate in known)
        {
            int distance = Distance(word, candidate);
            if (distance < least && distance <= Math.Max(1, candidate.Length / 3))
            {
                best = candidate;
                least = distance;
            }
        }

        return best;
    }

    // Levenshtein's edit distance, one row at a time.
    private static int Distance(string a, string b)
    {
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(row[j - 1], above) + 1);
                diagonal = above;
            }
        }

        return row[^1];
    }
}
