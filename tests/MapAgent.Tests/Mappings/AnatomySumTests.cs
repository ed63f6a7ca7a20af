using System.Collections.Generic;
using System.Linq;
using MapAgent.Mappings;
using Xunit;

namespace MapAgent.Tests.Mappings;

public sealed class AnatomySumTests
{
    [Fact]
    public void Members_are_added_up_and_the_extremes_are_the_most_of_any()
    {
        AnatomySum sum = new();
        sum.Add(Read(new SmapsText().Add("[heap]", rss: 4, flags: "rd hg").AddFile("/lib/a", 1, rss: 8)));
        sum.Add(Read(new SmapsText().Add("[heap]", rss: 16, flags: "rd hg", at: 0x0804_8000).Add("[stack]", at: 0xfff0_0000, kib: 64)));
        sum.Add(Read(new SmapsText().Add(at: 0x0804_8000).Add().Add("[stack]", at: 0xffe0_0000, kib: 1024)));
        Assert.Equal(3, sum.Members);
        Assert.Equal(20 * 1024, sum.Sums[MappingKind.Heap].Rss);
        Assert.Equal(128 * 1024, sum.Sums[Advice.HugePage]);
        Assert.Equal(3, sum.MostMappings);
        Assert.Equal((1024 + 64 + 64) * 1024 / (double)(4L << 30), sum.AddressSpaceUsed);
        sum.Clear();
        Assert.Equal((0, 0, null, 0), (sum.Members, sum.MostMappings, sum.AddressSpaceUsed, sum.DeletedPrograms));
        Assert.Equal(default, sum.Sums.All);
    }

    [Fact]
    public void Files_of_all_members_are_added_by_path_and_the_rest_is_in_others()
    {
        AnatomySum sum = new();
        sum.Add(Read(new SmapsText().AddFile("/lib/a", 1, rss: 8).AddFile("/lib/b", 2, rss: 4).AddFile("/lib/c", 3, rss: 1)));
        // Another container's file of the same path; and an old one that was replaced.
        sum.Add(Read(new SmapsText().AddFile("/lib/b", 9, rss: 4, device: "fe:01").AddFile("/lib/b (deleted)", 8, rss: 2, device: "fe:01")));
        SmapsText many = new();
        for (int i = 0; i < Anatomy.MostFiles + 5; i++)
        {
            many.AddFile($"/many/{i:D3}", (ulong)i + 1, rss: i < 5 ? 1 : 2);
        }

        sum.Add(Read(many));
        List<KeyValuePair<string, FileBytes>> largest = [];
        FileBytes others = sum.TakeLargest(2, largest);
        Assert.Equal([("/lib/b", 10 * 1024L), ("/lib/a", 8 * 1024L)], largest.Select(static file => (file.Key, file.Value.Pss)));
        Assert.Equal((1 + 5 + (2 * Anatomy.MostFiles)) * 1024, others.Pss);
        Assert.Equal(sum.Sums[MappingKind.FilePrivate].Pss, others.Pss + largest.Sum(static file => file.Value.Pss));
    }

    [Fact]
    public void A_replaced_library_counts_once_however_many_members_map_it()
    {
        AnatomySum sum = new();
        for (int i = 0; i < 3; i++)
        {
            sum.Add(Read(new SmapsText().AddFile("/lib/a (deleted)", 1, rights: "r-xp").AddFile($"/lib/own{i} (deleted)", (ulong)i + 10, rights: "r-xp")
                .AddFile("/data (deleted)", 2)));
        }

        Assert.Equal(4, sum.DeletedPrograms);
    }

    private static Anatomy Read(SmapsText text)
    {
        using MappedProcess process = new();
        process.Read(text);
        return process.Anatomy;
    }
}
