using System;
using System.Collections.Generic;

namespace MapAgent.Tests.Fuzz;

/// <summary>Changes a captured file a little, the same way for the same random numbers.</summary>
internal static class Mutation
{
    private static readonly byte[][] s_words =
    [
        [.. "0"u8], [.. "9"u8], [.. "-1"u8], [.. "99999999999999999999"u8], [.. "9223372036854775807"u8], [.. "18446744073709551615"u8],
        [.. "9007199254740992"u8], [.. " "u8], [.. "\n"u8], [.. "\t"u8], [.. ") S 1 "u8], [.. "(("u8], [.. ":"u8], [.. " kB"u8], [0], [0xff],
    ];

    /// <summary>One to four changes.</summary>
    public static byte[] Of(byte[] seed, byte[] other, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int left = random.Next(1, 5); left > 0; left--)
        {
            Change(bytes, other, random);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, byte[] other, Random random)
    {
        int at = random.Next(bytes.Count + 1);
        int length = random.Next(Math.Min(64, bytes.Count - at) + 1);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                int from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 64)]);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            default:
                bytes.InsertRange(at, s_words[random.Next(s_words.Length)]);
                break;
        }
    }
}
