using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Real programs that put segments into /dev/shm.</summary>
public sealed class SharedMemoryProgramsTests
{
    private const string Fast = "sampling: {interval: 200ms, cpu_budget: 100%}\nshm: {unreferenced_after: 2s}\n";

    private const string Python = """
        import os, sys
        from multiprocessing import shared_memory, resource_tracker
        segment = shared_memory.SharedMemory(create=True, size=1 << 20)
        segment.buf[:] = b"x" * (1 << 20)
        print(os.getpid(), resource_tracker._resource_tracker._pid, segment.name, flush=True)
        sys.stdin.read()
        """;

    [Fact]
    public async Task Segments_of_a_parallel_query_are_PostgreSQLs_and_are_left_behind_when_it_is_killed()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=64m");
        await using PostgreSql postgres = await PostgreSql.StartAsync(space);
        await postgres.QueryAsync("create table t as select i from generate_series(1, 1000) i", "alter table t set (parallel_workers = 2)", "analyze t");
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await agent.ScrapeUntilAsync("its users", page => space.Value(page, "unreferenced_bytes") is not null);
        double idle = space.Family(page, "PostgreSQL.*") ?? 0;
        Assert.Equal(space.Value(page, "used_bytes"), idle);

        await using ChildProcess query = postgres.Begin("set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0",
            "select count(pg_sleep(0.1)) from t");
        page = await agent.ScrapeUntilAsync("the query's segment", page =>
        {
            Assert.False(query.HasExited, query.Errors);
            return space.Family(page, "PostgreSQL.*") > idle;
        });
        Assert.Equal(space.Value(page, "used_bytes"), space.Family(page, "PostgreSQL.*") + space.Value(page, "unlinked_bytes"));
        Figures.Report($"PostgreSQL: {idle} bytes at rest, {space.Family(page, "PostgreSQL.*")} with a parallel query");
        await Wait.UntilAsync("the leader and its workers", TimeSpan.FromSeconds(20), async () =>
        {
            IEnumerable<JsonElement> segments = (await ShmJson.MountAsync(agent, space.Label)).GetProperty("largest").EnumerateArray();
            return segments.Any(static segment => segment.GetProperty("users").GetArrayLength() >= 3);
        });
        Assert.Equal(0, space.Value(await agent.ScrapeAsync(), "unreferenced_bytes"));

        postgres.Kill();
        page = await agent.ScrapeUntilAsync("what it left", page => space.Value(page, "unreferenced_bytes") > 0);
        Assert.Equal(space.Family(page, "PostgreSQL.*"), space.Value(page, "unreferenced_bytes"));
        Assert.Equal(0, space.Value(page, "unlinked_bytes"));
        Figures.Report($"PostgreSQL killed: {space.Value(page, "unreferenced_bytes")} bytes left behind");
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_segment_of_a_killed_Python_program_is_left_behind_under_its_family()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=64m");
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        await using ChildProcess python = ChildProcess.Start("nsenter", space.Enter("python3", "-c", Python));
        await Wait.UntilAsync("Python", TimeSpan.FromSeconds(20), () =>
        {
            Assert.False(python.HasExited, python.Errors);
            return python.Output.EndsWith('\n');
        });
        string[] words = python.Output.Trim().Split(' ');
        Exposition page = await agent.ScrapeUntilAsync("its users", page =>
            space.Family(page, "psm_*") == 1 << 20 && space.Value(page, "unreferenced_bytes") is not null);
        Assert.Equal(0, space.Value(page, "unreferenced_bytes"));

        // The tracker would remove what its program leaves.
        Signals.Send(int.Parse(words[1]), Signals.Kill);
        Signals.Send(int.Parse(words[0]), Signals.Kill);
        page = await agent.ScrapeUntilAsync("what it left", page => space.Value(page, "unreferenced_segments") == 1);
        Assert.Equal(1 << 20, space.Value(page, "unreferenced_bytes"));
        Assert.Equal(1 << 20, space.Family(page, "psm_*"));
        JsonElement segment = Assert.Single((await ShmJson.MountAsync(agent, space.Label)).GetProperty("largest").EnumerateArray());
        Assert.Equal((words[2], "psm_*", "unreferenced"),
            (segment.GetProperty("name").GetString(), segment.GetProperty("family").GetString(), segment.GetProperty("use").GetString()));
        await agent.StopAsync();
    }

    [Fact]
    public async Task The_locks_of_podman_are_idle_by_design()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=4m", "write /dev/shm/left 4");
        await using Podman podman = Podman.WithLocksInMemory();
        await space.RunAsync(["env", .. podman.Command("ps")]);
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await agent.ScrapeUntilAsync("what is left by others", page => space.Value(page, "unreferenced_segments") == 1);
        Assert.Equal(4096, space.Value(page, "unreferenced_bytes"));
        Assert.InRange(space.Family(page, "libpod_lock*")!.Value, 4096, 1 << 20);
        await agent.StopAsync();
    }
}
