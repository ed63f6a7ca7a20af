using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>What <c>mapagent inspect</c> tells of real processes.</summary>
public sealed class InspectTests
{
    private const string HugePages = "/proc/sys/vm/nr_hugepages";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly string[] s_kinds =
        ["heap", "stack", "anon_private", "anon_shared", "file_private", "file_shared", "posix_shm", "sysv_shm", "memfd", "hugetlb", "device", "jit", "special"];

    private static readonly string[] s_sizes = ["pss_bytes", "rss_bytes", "virtual_bytes", "swap_bytes"];

    [Fact]
    public async Task Each_byte_is_in_its_kind_each_hint_is_seen_and_all_add_up_to_the_rollup()
    {
        using TemporaryFolder folder = new();
        string pages = await File.ReadAllTextAsync(HugePages, TestContext.Current.CancellationToken);
        TryWrite(HugePages, "8");
        try
        {
            await using ChildProcess program = await StartAsync(await NativePrograms.PathAsync("anatomy"), folder.Path);
            program.Signal(Signals.Stop);
            JsonElement told = await InspectAsync(program.Id);
            string[][] made = [.. program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' '))];

            Dictionary<string, long[]> expected = Expected(program.Id, made);
            foreach (string kind in s_kinds)
            {
                long[] got = told.GetProperty("kinds").TryGetProperty(kind, out JsonElement bytes)
                    ? [.. s_sizes.Select(size => bytes.GetProperty(size).GetInt64())] : [0, 0, 0, 0];
                Assert.True(expected.GetValueOrDefault(kind, [0, 0, 0, 0]).SequenceEqual(got), $"{kind}: expected {string.Join(' ', expected.GetValueOrDefault(kind, []))}, got {string.Join(' ', got)}");
            }

            // Nobody shares a page with this program but those of the vdso, less than a KiB of which is its own.
            Dictionary<string, long> rollup = Kernel.Rollup(program.Id);
            Assert.Equal(rollup["Pss"], expected.Values.Sum(static sizes => sizes[0]));
            Assert.Equal(rollup["Rss"], expected.Values.Sum(static sizes => sizes[1]));
            Assert.Equal(Kernel.Stat(program.Id, 23), expected.Values.Sum(static sizes => sizes[2]));
            Assert.Equal(rollup["Swap"], expected.Values.Sum(static sizes => sizes[3]));
            Assert.Equal(rollup["Pss"], told.GetProperty("rollup").GetProperty("pss_bytes").GetInt64());
            AssertHints(told, made);
            Assert.Equal(0, told.GetProperty("deleted_files").GetInt32());
            Assert.Contains(Files(told), static file => file.GetProperty("file").GetString()!.EndsWith("/shared with a blank", StringComparison.Ordinal)
                && file.GetProperty("dirty_bytes").GetInt64() > 0);
            string[] none = [.. made.Where(static line => line[0] == "none").Select(static line => line[1]).Distinct()];
            Figures.Report(none.Length == 0 ? "every kind of mapping was made" : "the kernel gave none of: " + string.Join(", ", none));
        }
        finally
        {
            TryWrite(HugePages, pages);
        }
    }

    [Fact]
    public async Task A_program_of_32_bits_is_told_how_much_of_its_address_space_it_uses()
    {
        string? path = await NativePrograms.Path32Async("bits32");
        Assert.SkipWhen(path is null, "the compiler makes no programs of 32 bits here");
        await using ChildProcess program = await StartAsync(path!);
        JsonElement told = await InspectAsync(program.Id);
        Assert.InRange(told.GetProperty("address_space_used_ratio").GetDouble(), 0.125, 0.13);
        (_, string text, _) = await Agent.RunAsync("inspect", Pid(program));
        Assert.Contains("32 bits: 12.5 % of 4.0 GiB of address space in use", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_and_a_binary_that_are_replaced_on_disk_are_counted()
    {
        using TemporaryFolder folder = new();
        string binary = Copy("/bin/sleep", folder.File("worker"));
        string library = Copy(Library(), folder.File("libworker.so"));
        await using ChildProcess program = ChildProcess.Start(binary, ["1000"], new Dictionary<string, string> { ["LD_PRELOAD"] = library });
        JsonElement told = await InspectOnceMappedAsync(program, library);
        Assert.Equal(0, told.GetProperty("deleted_files").GetInt32());

        foreach (string file in (string[])[binary, library])
        {
            Copy(file, file + ".new");
            File.Move(file + ".new", file, overwrite: true);
        }

        told = await InspectAsync(program.Id);
        Assert.Equal((2, 2), (told.GetProperty("deleted_files").GetInt32(), told.GetProperty("deleted_programs").GetInt32()));
        Assert.Equal([library, binary], told.GetProperty("deleted").EnumerateArray().Select(static file => file.GetProperty("file").GetString()).Order(StringComparer.Ordinal));
        (_, string text, _) = await Agent.RunAsync("inspect", Pid(program));
        Assert.Contains("2 mapped files are no longer on disk, 2 of them binaries or libraries", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_really_named_so_is_not_deleted()
    {
        using TemporaryFolder folder = new();
        string binary = Copy("/bin/sleep", folder.File("x (deleted)"));
        await using ChildProcess program = ChildProcess.Start(binary, ["1000"]);
        JsonElement told = await InspectOnceMappedAsync(program, binary);
        Assert.Equal(0, told.GetProperty("deleted_files").GetInt32());

        File.Delete(binary);
        told = await InspectAsync(program.Id);
        Assert.Equal(1, told.GetProperty("deleted_programs").GetInt32());
        Assert.Equal(binary, told.GetProperty("deleted")[0].GetProperty("file").GetString());
    }

    [Fact]
    public async Task Faults_of_the_second_that_was_looked_at_are_told()
    {
        await using Victim victim = await Victim.StartAsync(Victim.UniqueComm());
        Task<(int, string Output, string)> inspecting = Agent.RunAsync("inspect", victim.Pid.ToString(CultureInfo.InvariantCulture), "--format=json");
        for (int i = 0; i < 8; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            await victim.DoAsync("private 8192");
        }

        using JsonDocument document = JsonDocument.Parse((await inspecting).Output);
        JsonElement faults = document.RootElement.GetProperty("faults");
        // Timers may be a few milliseconds early.
        Assert.InRange(faults.GetProperty("seconds").GetDouble(), 0.95, 3.0);
        // The first of them may have come before the process was first looked at.
        Assert.InRange(faults.GetProperty("minor_per_second").GetDouble() * faults.GetProperty("seconds").GetDouble(), 2048, 8 * 2048 * 2);
    }

    [Theory]
    [InlineData(1, "x", "is no pid")]
    [InlineData(1, "0", "is no pid")]
    [InlineData(1, "-1", "")]
    [InlineData(1, "99999999999", "is no pid")]
    [InlineData(1, "2147483647", "there is no process 2147483647")]
    [InlineData(1, "2", "is a kernel thread")]
    public async Task Who_cannot_be_inspected_is_said_in_a_line(int expected, string pid, string reason)
    {
        Assert.SkipWhen(pid == "2" && (Kernel.Stat(2, 9) & 0x0020_0000) == 0, "process 2 is no kernel thread here");
        (int code, string output, string errors) = await Agent.RunAsync("inspect", pid);
        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.InRange(errors.TrimEnd('\n').Split('\n').Length, 1, 2);
    }

    [Fact]
    public async Task Whom_this_user_may_not_read_is_said_with_what_would_help()
    {
        using TemporaryFolder folder = new();
        File.Copy(Agent.Binary, folder.File("mapagent"));
        await using Victim victim = await Victim.StartAsync(Victim.UniqueComm());
        (int code, string output, string errors) = await ChildProcess.RunAsync(
            "setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", folder.File("mapagent"), "inspect", victim.Pid.ToString(CultureInfo.InvariantCulture)]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("CAP_SYS_PTRACE", Assert.Single(errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_code_that_dotnet_makes_is_told_apart_and_the_cost_of_the_read_is_said()
    {
        (int code, string text, string errors) = await Agent.RunAsync("inspect", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(0, code);
        Assert.Matches("(?m)^jit +[1-9]", text);
        Assert.Contains("System.Private.CoreLib.dll", text, StringComparison.Ordinal);
        Assert.Matches(@"\Aprocess \d+ read in [0-9.]+ ms, [0-9.]+ ms of CPU: smaps [0-9.]+ ms, smaps_rollup [0-9.]+ ms\n\z", errors);
    }

    private static Dictionary<string, long[]> Expected(int pid, string[][] made)
    {
        (string Kind, ulong Start, ulong End)[] known =
            [.. made.Where(static line => line[0] == "kind").Select(static line => (line[1], Address(line[2]), Address(line[3])))];
        Dictionary<string, long[]> sums = [];
        HashSet<string> seen = [];
        foreach ((ulong start, ulong end, string name, Dictionary<string, long> sizes) in Kernel.Smaps(pid).Where(static mapping => mapping.Name != "[vsyscall]"))
        {
            string? told = known.FirstOrDefault(one => start >= one.Start && end <= one.End).Kind;
            seen.Add($"{told}");
            string kind = told ?? name switch
            {
                "[heap]" => "heap",
                "[stack]" => "stack",
                ['[', ..] => "special",
                "" => "anon_private",
                _ => "file_private",
            };
            long[] sum = sums.TryGetValue(kind, out long[]? old) ? old : sums[kind] = [0, 0, 0, 0];
            long[] here = [sizes["Pss"], sizes["Rss"], sizes["Size"], sizes["Swap"]];
            for (int i = 0; i < here.Length; i++)
            {
                sum[i] += here[i];
            }
        }

        Assert.All(known, one => Assert.Contains(one.Kind, seen));
        return sums;
    }

    [Fact]
    public async Task A_large_file_that_is_mapped_and_read_at_random_is_shown_with_its_hint_and_how_much_of_it_is_cached()
    {
        // As a search index is: 2 GiB of holes, half of which are read and so are in the page cache.
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", $"index-{Guid.NewGuid():N}"));
        try
        {
            string index = Path.Combine(folder.FullName, "segments");
            await using (FileStream file = File.Create(index))
            {
                file.SetLength(2L << 30);
            }

            await using ChildProcess reader = ChildProcess.Start(await NativePrograms.PathAsync("faulter"), [index, "random"]);
            await Wait.UntilAsync("the mapping", s_patience, () => reader.Output == "ok\n");
            await reader.WriteLineAsync("touch");
            await Wait.UntilAsync("the reading", TimeSpan.FromSeconds(120), () => reader.Output == "ok\nok\n");
            JsonElement told = await InspectAsync(reader.Id);
            JsonElement segments = Files(told).First();
            Assert.Equal(index, segments.GetProperty("file").GetString());
            Assert.Equal(2L << 30, segments.GetProperty("size_bytes").GetInt64());
            long resident = segments.GetProperty("rss_bytes").GetInt64();
            // Of random draws, as many as there are pages, 1 - 1/e hit a page for the first time.
            Assert.InRange(resident, 1L << 30, 3L << 29);
            Assert.InRange(segments.GetProperty("cached_bytes").GetInt64(), resident, resident + (64 << 20));
            Assert.Equal(0, segments.GetProperty("dirty_bytes").GetInt64());
            Assert.Equal(2L << 30, told.GetProperty("advice_bytes").GetProperty("random").GetInt64());
            Assert.Equal(2L << 30, told.GetProperty("kinds").GetProperty("file_shared").GetProperty("virtual_bytes").GetInt64());
            Figures.Report($"inspect of a mapped file of 2 GiB, {resident >> 20} MiB of it touched: {told.GetProperty("smaps_read").GetProperty("cpu_seconds").GetDouble() * 1000:F1} ms of CPU for smaps");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_database_server_is_shown_with_its_shared_buffers_and_what_its_backends_share()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=64m");
        await using PostgreSql postgres = await PostgreSql.StartAsync(space);
        await postgres.QueryAsync("create table t as select i, repeat('x', 100) from generate_series(1, 100000) i");
        await using ChildProcess session = postgres.Begin("select count(*) from t", "select pg_sleep(60)");
        JsonElement backend = default;
        await Wait.UntilAsync("the backend", s_patience, async () =>
        {
            int? pid = Kernel.Processes().Where(static pid => Comm(pid) == "postgres").Cast<int?>()
                .FirstOrDefault(pid => Cmdline(pid!.Value).Contains("SELECT", StringComparison.Ordinal) && Cmdline(pid.Value).Contains("[local]", StringComparison.Ordinal));
            backend = pid is { } found ? await InspectAsync(found) : default;
            // The count of the rows goes through the whole table before the session sleeps.
            return pid is not null && backend.GetProperty("kinds").GetProperty("anon_shared").GetProperty("rss_bytes").GetInt64() >= 8L << 20;
        });
        // shared_buffers are 128 MiB of shared anonymous memory; what they keep of the table is shared by all backends.
        JsonElement buffers = backend.GetProperty("kinds").GetProperty("anon_shared");
        Assert.InRange(buffers.GetProperty("virtual_bytes").GetInt64(), 128L << 20, 256L << 20);
        Assert.InRange(buffers.GetProperty("rss_bytes").GetInt64(), 8L << 20, 128L << 20);
        Assert.True(buffers.GetProperty("pss_bytes").GetInt64() < buffers.GetProperty("rss_bytes").GetInt64());
        Assert.True(backend.GetProperty("kinds").GetProperty("posix_shm").GetProperty("virtual_bytes").GetInt64() > 0);
        Assert.True(backend.GetProperty("kinds").GetProperty("sysv_shm").GetProperty("virtual_bytes").GetInt64() > 0);
        Assert.Contains(Files(backend), static file => file.GetProperty("file").GetString()!.EndsWith("/bin/postgres", StringComparison.Ordinal));
        Assert.Equal(0, backend.GetProperty("deleted_programs").GetInt32());
    }

    [Fact]
    public async Task Over_HTTP_a_process_is_shown_as_by_the_command_and_who_cannot_be_is_refused_with_the_right_status()
    {
        await using Victim victim = await Victim.StartAsync(Victim.UniqueComm());
        await using Agent agent = await Agent.StartAsync(configuration: "sampling: {interval: 1s, cpu_budget: 50%}\n");
        await agent.NextAsync();
        JsonElement command = await InspectAsync(victim.Pid);
        using JsonDocument document = JsonDocument.Parse(await agent.GetAsync($"/api/v1/processes/{victim.Pid}"));
        JsonElement page = document.RootElement;
        Assert.Equal(Keys(command), Keys(page));
        foreach (string same in (string[])["pid", "comm", "cmdline", "kinds", "mappings", "deleted_files"])
        {
            Assert.Equal(command.GetProperty(same).GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal), page.GetProperty(same).GetRawText());
        }

        Assert.Equal(HttpStatusCode.NotFound, await agent.StatusAsync("/api/v1/processes/2147483647"));
        Assert.Equal(HttpStatusCode.BadRequest, await agent.StatusAsync("/api/v1/processes/x"));
        Assert.Equal(HttpStatusCode.BadRequest, await agent.StatusAsync("/api/v1/processes/"));
        Assert.Equal(HttpStatusCode.BadRequest, await agent.StatusAsync($"/api/v1/processes/{victim.Pid}x"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task Over_HTTP_nobody_makes_the_agent_spend_more_than_its_budget()
    {
        await using Victim victim = await Victim.StartAsync(Victim.UniqueComm());
        await using Agent agent = await Agent.StartAsync(configuration: "sampling: {cpu_budget: 0%}\n");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await agent.StatusAsync($"/api/v1/processes/{victim.Pid}"));
        await agent.StopAsync();
    }

    private static string[] Keys(JsonElement told) => [.. told.EnumerateObject().Select(static key => key.Name)];

    private static string Comm(int pid) => Kernel.TryRead($"/proc/{pid}/comm").TrimEnd('\n');

    private static string Cmdline(int pid) => Kernel.TryRead($"/proc/{pid}/cmdline");

    private static void AssertHints(JsonElement told, string[][] made)
    {
        Dictionary<string, long> hints = made.Where(static line => line[0] == "hint").ToDictionary(static line => line[1], static line => (long)(Address(line[3]) - Address(line[2])));
        Assert.InRange(hints.Count, 6, 8);
        Assert.Equal(
            hints.OrderBy(static hint => hint.Key, StringComparer.Ordinal),
            told.GetProperty("advice_bytes").EnumerateObject().Select(static hint => KeyValuePair.Create(hint.Name, hint.Value.GetInt64())).OrderBy(static hint => hint.Key, StringComparer.Ordinal));
    }

    private static async Task<ChildProcess> StartAsync(string path, params string[] arguments)
    {
        ChildProcess program = ChildProcess.Start(path, arguments);
        await Wait.UntilAsync("the program", s_patience, () =>
        {
            Assert.False(program.HasExited, program.Errors);
            return program.Output.EndsWith("ready\n", StringComparison.Ordinal);
        });
        return program;
    }

    private static async Task<JsonElement> InspectAsync(int pid)
    {
        (int code, string output, string errors) = await Agent.RunAsync("inspect", pid.ToString(CultureInfo.InvariantCulture), "--format=json");
        Assert.True(code == 0, errors);
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static async Task<JsonElement> InspectOnceMappedAsync(ChildProcess program, string path)
    {
        await Wait.UntilAsync(path, s_patience, () => File.ReadAllText($"/proc/{program.Id}/maps").Contains(path, StringComparison.Ordinal));
        return await InspectAsync(program.Id);
    }

    private static JsonElement.ArrayEnumerator Files(JsonElement told) => told.GetProperty("files").EnumerateArray();

    private static string Copy(string from, string to)
    {
        File.Copy(from, to);
        return to;
    }

    // Any library that a shell has open will do.
    private static string Library() => File.ReadLines("/proc/self/maps").Select(static line => line.Split(' ')[^1]).First(static path => path.Contains("/libdl.so", StringComparison.Ordinal)
        || path.Contains("/libpthread.so", StringComparison.Ordinal) || path.Contains("/libm.so", StringComparison.Ordinal) || path.Contains("/libgcc_s.so", StringComparison.Ordinal));

    private static string Pid(ChildProcess process) => process.Id.ToString(CultureInfo.InvariantCulture);

    private static ulong Address(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static void TryWrite(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (UnauthorizedAccessException)
        {
            // The program will say that it got no such pages.
            return;
        }
    }
}
