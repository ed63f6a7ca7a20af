using System;
using System.Collections.Generic;
using System.Text;

namespace MapAgent.Selection;

/// <summary>
/// Code points that differ only by case, as Go's unicode.SimpleFold joins them: k, K and U+212A (the Kelvin sign) are one orbit.
/// .NET 10 knows some dozens of younger pairs that Go 1.19 does not.
/// </summary>
internal static class CaseOrbits
{
    // The last code point with a case partner is U+1E943 (Adlam); scanning to here takes about two milliseconds, once.
    private const int End = 0x1F000;
    private static readonly List<int[]> s_orbits = Build();

    /// <summary>The members of <paramref name="set"/> together with everything that differs from one of them only by case.</summary>
    internal static RuneSet Close(RuneSet set)
    {
        RuneSet closed = new RuneSet().Add(set);
        foreach (int[] orbit in s_orbits)
        {
            if (!Array.Exists(orbit, set.Contains))
            {
                continue;
            }

            foreach (int rune in orbit)
            {
                closed.Add(rune, rune);
            }
        }

        return closed;
    }

    private static List<int[]> Build()
    {
        Dictionary<int, List<int>> byKey = [];
        for (int value = 0; value < End; value++)
        {
            if (!Rune.TryCreate(value, out Rune rune))
            {
                continue;
            }

            // Upper first: it joins the final sigma and the long s to their plain forms, which lower alone does not.
            int key = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).Value;
            if (key != value)
            {
                Join(byKey, key, value);
            }
        }

        // .NET's invariant mapping leaves the long s alone.
        Join(byKey, 's', 0x17F);
        List<int[]> orbits = [];
        foreach (List<int> orbit in byKey.Values)
        {
            orbits.Add([.. orbit]);
        }

        return orbits;
    }

    private static void Join(Dictionary<int, List<int>> byKey, int key, int value)
    {
        if (!byKey.TryGetValue(key, out List<int>? orbit))
        {
            orbit = [key];
            byKey[key] = orbit;
        }

        orbit.Add(value);
    }
}
