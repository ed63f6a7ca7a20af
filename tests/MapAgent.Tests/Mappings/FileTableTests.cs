using System.Globalization;
using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Mappings;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Mappings;

public sealed class FileTableTests
{
    private static readonly Gen<(int Device, int Inode, int Path, int Pss)[]> s_mappings =
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 40], Gen.Int[0, 2], Gen.Int[0, 9]).Array[0, 400];

    [Fact]
    public void Mappings_are_added_up_by_device_inode_and_path() => s_mappings.Sample(mappings =>
    {
        FileTable table = new();
        // What an earlier process left behind must not show.
        for (int round = 0; round < 2; round++)
        {
            table.Clear();
            foreach ((int device, int inode, int path, int pss) in mappings)
            {
                table.Add(Find(table, device, inode, $"/file {path}"), new FileBytes(pss, 2, 1), isExecutable: pss == 9);
            }

            ILookup<(int, int, int), int> expected = mappings.ToLookup(static m => (m.Device, m.Inode, m.Path), static m => m.Pss);
            Assert.Equal(expected.Count, table.Count);
            for (int i = 0; i < table.Count; i++)
            {
                FileTable.Entry entry = table[i];
                int path = Encoding.ASCII.GetString(table.Path(i))[^1] - '0';
                int[] sizes = [.. expected[((int)entry.Identity.Device.Minor, (int)entry.Identity.Inode, path)]];
                Assert.Equal(new FileBytes(sizes.Sum(), sizes.Length * 2, sizes.Length), entry.Bytes);
                Assert.Equal(sizes.Contains(9), entry.IsProgram);
                Assert.True(entry.IsUsed);
            }
        }
    });

    [Fact]
    public void The_largest_are_those_that_sorting_all_would_put_first() => s_mappings.Sample(mappings =>
    {
        FileTable table = new();
        table.Clear();
        foreach ((int device, int inode, int path, int pss) in mappings)
        {
            table.Add(Find(table, device, inode, $"/file {path}"), new FileBytes(pss, inode, 0), isExecutable: false);
        }

        int[] expected = [.. Enumerable.Range(0, table.Count).OrderByDescending(i => table[i].Bytes.Pss).ThenByDescending(i => table[i].Bytes.Rss).Take(7)];
        Assert.Equal(expected, new LargestFiles(7).Pick(table).ToArray());
    });

    [Fact]
    public void More_files_than_the_bound_are_counted_together_and_said_to_be()
    {
        FileTable table = new();
        table.Clear();
        for (int i = 0; i < FileTable.MostFiles + 3; i++)
        {
            table.Add(Find(table, 1, i, $"/{i}"), new FileBytes(10, 20, 30), isExecutable: false);
        }

        Assert.Equal(FileTable.MostFiles, table.Count);
        Assert.True(table.IsFull);
        Assert.Equal(new FileBytes(30, 60, 90), table.Rest);
        Assert.Equal(5, Find(table, 1, 5, "/5"));
        table.Clear();
        Assert.False(table.IsFull);
        Assert.Equal(default, table.Rest);
    }

    [Fact]
    public void Paths_that_are_too_long_together_are_bounded_too()
    {
        FileTable table = new();
        table.Clear();
        string path = new('x', 4000);
        for (int i = 0; i < (FileTable.MostPathBytes / path.Length) + 1; i++)
        {
            Find(table, 1, i, path);
        }

        Assert.True(table.IsFull);
        Assert.Equal(FileTable.MostPathBytes / path.Length, table.Count);
    }

    [Fact]
    public void A_name_is_made_once_until_there_are_too_many()
    {
        FileNames names = new();
        string first = names.Of("/lib/a"u8);
        Assert.Same(first, names.Of("/lib/a"u8));
        Assert.Equal("/lib/\ufffd", names.Of([.. "/lib/"u8, 0xff]));
        for (int i = 0; i < FileNames.Bound; i++)
        {
            names.Of(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.NotSame(first, names.Of("/lib/a"u8));
        Assert.Equal(first, names.Of("/lib/a"u8));
    }

    private static int Find(FileTable table, int device, int inode, string path)
    {
        MapsLine mapping = new() { Device = new Device(0, (uint)device), Inode = (ulong)inode, Path = Encoding.ASCII.GetBytes(path) };
        return table.Find(mapping);
    }
}
