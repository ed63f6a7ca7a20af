using System;
using System.Collections.Generic;

namespace MapAgent.Selection;

/// <summary>Finds what somebody may have meant by a word that is not known.</summary>
internal static class NearestWord
{
    /// <summary>The known word with the fewest letters to insert, delete or exchange, upper and lower case being alike.</summary>
    /// <returns>Null when even the nearest is mostly another word.</returns>
    internal static string? Of(string word, IEnumerable<string> known)
    {
        string? nearest = null;
        int fewest = Math.Max(2, word.Length / 2) + 1;
        foreach (string candidate in known)
        {
            int distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < fewest)
            {
                (nearest, fewest) = (candidate, distance);
            }
        }

        return nearest;
    }

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        int[] row = new int[right.Length + 1];
        for (int column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (int line = 1; line <= left.Length; line++)
        {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= right.Length; column++)
            {
                int exchanged = diagonal + (left[line - 1] == right[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(exchanged, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
