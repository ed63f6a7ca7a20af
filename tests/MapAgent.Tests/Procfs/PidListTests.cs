using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class PidListTests
{
    [Fact]
    public void Only_names_that_are_numbers_without_leading_zeros_are_pids()
    {
        PidList pids = new();
        pids.TakeEntries(Records(
            ".", "..", "self", "1", "042", "0", "42x", "x42", "-1", "+1", "4194304", "2147483647", "2147483648", "99999999999", "7"));
        Assert.Equal([1, 4_194_304, 2_147_483_647, 7], pids.Pids.ToArray());
    }

    [Fact]
    public void Inode_numbers_go_with_their_pids_when_these_are_put_in_order()
    {
        PidList pids = new();
        pids.Add(30, 3);
        pids.Add(10, 1);
        pids.Add(20, 2);
        pids.TakeEntries(Records("5"));
        pids.Order();
        Assert.Equal([5, 10, 20, 30], pids.Pids.ToArray());
        Assert.Equal([12345, 1, 2, 3], pids.Inodes.ToArray());
    }

    [Fact]
    public void The_list_grows_and_clearing_empties_it()
    {
        PidList pids = new();
        int[] many = [.. Enumerable.Range(1, 5_000)];
        pids.TakeEntries(Records([.. many.Select(static pid => $"{pid}")]));
        Assert.Equal(many, pids.Pids.ToArray());
        pids.Clear();
        Assert.Equal(0, pids.Count);
        Assert.True(pids.Pids.IsEmpty);
    }

    [Fact]
    public void What_is_beyond_the_bound_is_counted_until_the_list_is_cleared()
    {
        PidList pids = new();
        for (int pid = 1; pid <= PidList.Bound + 3; pid++)
        {
            pids.Add(pid, (ulong)pid + 7);
        }

        Assert.Equal((PidList.Bound, 3), (pids.Count, pids.Dropped));
        Assert.Equal(PidList.Bound, pids.Pids[^1]);
        Assert.Equal((ulong)PidList.Bound + 7, pids.Inodes[^1]);
        pids.Clear();
        Assert.Equal(0, pids.Dropped);
    }

    [Fact]
    public void Directory_records_give_their_names_and_their_number()
    {
        string[] names = ["a", "1234567", "12345678", new string('n', 255)];
        byte[] records = Records(names);
        List<string> found = [];
        foreach (ReadOnlySpan<byte> name in new DirectoryEntries(records))
        {
            found.Add(Encoding.ASCII.GetString(name));
        }

        Assert.Equal(names, found);
        Assert.Equal(4, DirectoryEntries.Count(records));
        Assert.Equal(0, DirectoryEntries.Count([]));
    }

    /// <summary>Records as getdents64(2) lays them out: aligned to 8 bytes.</summary>
    private static byte[] Records(params string[] names)
    {
        List<byte> records = [];
        foreach (string name in names)
        {
            byte[] record = new byte[(19 + name.Length + 1 + 7) / 8 * 8];
            BinaryPrimitives.WriteUInt64LittleEndian(record, 12345);
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(16), (ushort)record.Length);
            record[18] = 4;
            Encoding.ASCII.GetBytes(name).CopyTo(record.AsSpan(19));
            records.AddRange(record);
        }

        return [.. records];
    }
}
