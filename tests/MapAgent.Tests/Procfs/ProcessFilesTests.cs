using System;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class ProcessFilesTests
{
    private static readonly ProcessId s_id = new(42, 1234);

    [Fact]
    public void A_plausible_process_gives_all_its_files()
    {
        using ProcTree tree = new ProcTree().WithProcess(42).WithLink(42, "exe", "/usr/bin/worker");
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Ok, reader.Open(42, out ProcessDirectory directory));
        using (directory)
        {
            Assert.Equal(ReadOutcome.Ok, reader.ReadStat(directory, out Stat stat));
            Assert.Equal(1234UL, stat.StartTicks);
            Assert.Equal(ReadOutcome.Ok, reader.ReadRollup(directory, s_id, out SmapsRollup rollup));
            Assert.Equal(700 * 1024, rollup[RollupField.Pss]);
            Assert.Equal(ReadOutcome.Ok, reader.ReadStatus(directory, out Status status));
            Assert.Equal(1000U, status.EffectiveUid);
            Assert.Equal(ReadOutcome.Ok, reader.ReadStatm(directory, out Statm statm));
            Assert.Equal(331UL, statm.ResidentPages);
            Assert.Equal(ReadOutcome.Ok, reader.ReadCmdline(directory, out string[] arguments));
            Assert.Equal(["/usr/bin/worker"], arguments);
            Assert.Equal(ReadOutcome.Ok, reader.ReadCgroup(directory, out string[] paths));
            Assert.Equal(["/system.slice/demo.service"], paths);
            Assert.Equal(ReadOutcome.Ok, reader.ReadExe(directory, out string? exe));
            Assert.Equal("/usr/bin/worker", exe);
        }

        ProcFile[] files = [ProcFile.Stat, ProcFile.SmapsRollup, ProcFile.Status, ProcFile.Statm, ProcFile.Cmdline, ProcFile.Cgroup, ProcFile.Exe];
        Assert.All(files, file => Assert.Equal(1, reader.Ledger.Reads(file, ReadOutcome.Ok)));
    }

    [Fact]
    public void Missing_files_are_gone_counted_and_give_nothing()
    {
        using ProcTree tree = new ProcTree().With(42, "stat", new StatLine().ToBytes());
        Read(tree, static (reader, directory) =>
        {
            Assert.Equal(ReadOutcome.Gone, reader.ReadStatus(directory, out Status status));
            Assert.Null(status.InnermostPid);
            Assert.Equal(ReadOutcome.Gone, reader.ReadStatm(directory, out _));
            Assert.Equal(ReadOutcome.Gone, reader.ReadCmdline(directory, out string[] arguments));
            Assert.Empty(arguments);
            Assert.Equal(ReadOutcome.Gone, reader.ReadCgroup(directory, out string[] paths));
            Assert.Empty(paths);
            Assert.Equal(ReadOutcome.Gone, reader.ReadExe(directory, out string? exe));
            Assert.Null(exe);
            Assert.Equal(1, reader.Ledger.Reads(ProcFile.Status, ReadOutcome.Gone));
            Assert.Equal(1, reader.Ledger.Reads(ProcFile.Exe, ReadOutcome.Gone));
        });
    }

    [Theory]
    [InlineData("stat", "42 (x")]
    [InlineData("status", "Name:\tx\n")]
    [InlineData("statm", "1 2 3\n")]
    [InlineData("cgroup", "nonsense\n")]
    public void Files_that_no_kernel_prints_are_malformed_and_counted(string file, string text)
    {
        using ProcTree tree = new ProcTree().WithProcess(42).With(42, file, text);
        Read(tree, (reader, directory) =>
        {
            (ReadOutcome outcome, ProcFile kind) = file switch
            {
                "stat" => (reader.ReadStat(directory, out _), ProcFile.Stat),
                "status" => (reader.ReadStatus(directory, out _), ProcFile.Status),
                "statm" => (reader.ReadStatm(directory, out _), ProcFile.Statm),
                _ => (reader.ReadCgroup(directory, out _), ProcFile.Cgroup),
            };
            Assert.Equal(ReadOutcome.Malformed, outcome);
            Assert.Equal(1, reader.Ledger.Reads(kind, ReadOutcome.Malformed));
        });
    }

    [Fact]
    public void A_malformed_rollup_gives_no_numbers()
    {
        using ProcTree tree = new ProcTree().WithProcess(42).With(42, "smaps_rollup", RollupText.Of(("Rss", 5)) + "Pss: x kB\n");
        Read(tree, static (reader, directory) =>
        {
            Assert.Equal(ReadOutcome.Malformed, reader.ReadRollup(directory, s_id, out SmapsRollup rollup));
            Assert.Null(rollup[RollupField.Rss]);
            Assert.Equal(1, reader.Ledger.Reads(ProcFile.SmapsRollup, ReadOutcome.Malformed));
        });
    }

    [Fact]
    public void An_empty_rollup_has_no_address_space()
    {
        using ProcTree tree = new ProcTree().WithProcess(42).With(42, "smaps_rollup", "");
        RollupIs(tree, ReadOutcome.NoAddressSpace);
    }

    [Theory]
    [InlineData('Z', "4194304")]
    [InlineData('S', "2129984")]
    public void Without_a_rollup_zombies_and_kernel_threads_have_no_address_space(char state, string flags)
    {
        using ProcTree tree = new ProcTree().With(42, "stat", new StatLine { State = state, Flags = flags }.ToBytes());
        RollupIs(tree, ReadOutcome.NoAddressSpace);
    }

    [Fact]
    public void Without_a_rollup_another_start_tick_is_another_process_and_the_first_is_gone()
    {
        using ProcTree tree = new ProcTree().With(42, "stat", new StatLine { State = 'Z', StartTicks = 1235 }.ToBytes());
        RollupIs(tree, ReadOutcome.Gone);
    }

    [Fact]
    public void A_process_that_lives_on_without_a_rollup_is_gone_after_one_more_try()
    {
        using ProcTree tree = new ProcTree().With(42, "stat", new StatLine().ToBytes());
        RollupIs(tree, ReadOutcome.Gone);
    }

    private static void RollupIs(ProcTree tree, ReadOutcome expected) => Read(tree, (reader, directory) =>
    {
        Assert.Equal(expected, reader.ReadRollup(directory, s_id, out SmapsRollup rollup));
        Assert.Null(rollup[RollupField.Rss]);
        Assert.Equal(1, reader.Ledger.Reads(ProcFile.SmapsRollup, expected));
    });

    private static void Read(ProcTree tree, Action<ProcReader, ProcessDirectory> read)
    {
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Ok, reader.Open(42, out ProcessDirectory directory));
        using (directory)
        {
            read(reader, directory);
        }
    }
}
