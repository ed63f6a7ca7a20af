using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace MapAgent.Tests.Architecture;

/// <summary>Holds the walls between the rooms: who may use whom, and who may see which library.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Procfs"] = [],
        ["Host"] = ["Procfs"],
        ["Shm"] = ["Procfs"],
        ["Mappings"] = ["Procfs"],
        ["Identity"] = ["Procfs"],
        ["Selection"] = ["Procfs", "Identity"],
        ["Sampling"] = ["Procfs", "Host", "Shm", "Mappings", "Identity", "Selection"],
        // Values of the upstream rooms; that no reader is used is a test of its own.
        ["Export"] = ["Procfs", "Host", "Shm", "Mappings", "Identity", "Sampling"],
        ["Web"] = ["Export", "Sampling"],
        ["Commands"] = ["Procfs", "Host", "Shm", "Mappings", "Identity", "Selection", "Sampling", "Export", "Web", "Hosting"],
        ["Hosting"] = ["Procfs", "Host", "Shm", "Mappings", "Identity", "Selection", "Sampling", "Export", "Web"],
    };

    private static readonly (string Library, string[] Where)[] s_maySee =
    [
        ("OpenTelemetry", ["Export/"]),
        ("System.Diagnostics.Metrics", ["Export/"]),
        ("Serilog", ["Hosting/"]),
        ("Microsoft.AspNetCore", ["Web/", "Hosting/", "Export/ScrapePipeline.cs"]),
        ("BCrypt", ["Web/PasswordCheck.cs"]),
        ("YamlDotNet", ["Hosting/Configuration/"]),
        ("Spectre.Console", ["Commands/"]),
        ("System.CommandLine", ["Commands/", "Hosting/AgentFlags.cs"]),
    ];

    private static readonly string[] s_forbiddenFolders =
        ["Common", "Utils", "Util", "Helpers", "Models", "Services", "Interfaces", "Abstractions"];

    public static TheoryData<string> Rooms => [.. s_mayUse.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_it_may(string room)
    {
        List<string> violations = [];
        foreach ((string path, string text) in Sources(room + "/"))
        {
            foreach (string used in UsedRooms(text).Where(used => used != room && !s_mayUse[room].Contains(used)))
            {
                violations.Add($"{path} uses {used}");
            }
        }

        Assert.Empty(violations);
    }

    [Fact]
    public void A_library_is_seen_only_where_it_may()
    {
        List<string> violations = [];
        foreach ((string path, string text) in Sources(""))
        {
            foreach ((string library, string[] where) in s_maySee)
            {
                if (Regex.IsMatch(text, @$"\b{Regex.Escape(library)}\b") && !where.Any(place => path.StartsWith(place, StringComparison.Ordinal)))
                {
                    violations.Add($"{path} sees {library}");
                }
            }
        }

        Assert.Empty(violations);
    }

    [Fact]
    public void Only_the_readers_call_the_kernel_and_see_errno()
    {
        string[] natives = [.. Sources("").Where(static s => s.Text.Contains("[LibraryImport", StringComparison.Ordinal)).Select(static s => s.Path)];
        string[] errnos = [.. Sources("").Where(static s => s.Text.Contains("GetLastPInvokeError", StringComparison.Ordinal)).Select(static s => s.Path)];

        // NativeMemory reads nothing: it only tells the C library and the kernel how to keep the agent's own memory. Suspension stops top.
        Assert.Equal(["Commands/Suspension.cs", "Hosting/NativeMemory.cs", "Procfs/Libc.cs"], natives.Order());
        Assert.Equal(["Procfs/ProcReader.Lists.cs", "Procfs/ProcReader.cs", "Procfs/RootPath.cs", "Shm/ShmReader.cs"], errnos.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Exports_and_pages_read_no_kernel_file()
    {
        foreach ((string path, string text) in Sources("Export/").Concat(Sources("Web/")))
        {
            Assert.False(Regex.IsMatch(text, @"\b(ProcReader|ProcessFiles|HostReading|AgentReading|Shm(Reader|Reading)|(Anatomy|Inspection)Reading|RootPath|Lookups\(|\w+Names\(|File\.(Open|Read)\w*)\b"), path);
        }
    }

    [Fact]
    public void Every_folder_is_a_known_room_and_no_folder_has_an_empty_name()
    {
        string source = RepositoryRoot.File("src/MapAgent");
        string[] rooms = [.. Directory.GetDirectories(source).Select(static folder => Path.GetFileName(folder)!).Except(["bin", "obj"])];
        string[] all = [.. Directory.GetDirectories(source, "*", SearchOption.AllDirectories).Select(static folder => Path.GetFileName(folder)!)];

        Assert.Equal(s_mayUse.Keys.Order(), rooms.Order());
        Assert.Empty(all.Intersect(s_forbiddenFolders));
    }

    [Fact]
    public void Files_stay_short()
    {
        int[] lengths = [.. Sources("").Select(static source => source.Text.Count(static c => c == '\n')).Order()];

        Assert.True(lengths[^1] <= 350, $"the longest file has {lengths[^1]} lines");
        Assert.True(lengths[lengths.Length / 2] <= 80, $"the median file has {lengths[lengths.Length / 2]} lines");
    }

    [Fact]
    public void Log_event_ids_are_used_once()
    {
        int[] ids = [.. Sources("").SelectMany(static source => Regex.Matches(source.Text, @"\[LoggerMessage\((\d+)").Select(static m => int.Parse(m.Groups[1].Value)))];

        Assert.NotEmpty(ids);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    private static IEnumerable<string> UsedRooms(string text) =>
        Regex.Matches(text, @"\bMapAgent\.(\w+)").Select(static match => match.Groups[1].Value).Where(s_mayUse.ContainsKey).Distinct();

    private static IEnumerable<(string Path, string Text)> Sources(string below)
    {
        string source = RepositoryRoot.File("src/MapAgent");
        return Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(source, file))
            .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
            .Where(path => path.StartsWith(below, StringComparison.Ordinal))
            .Select(path => (path, File.ReadAllText(Path.Combine(source, path))));
    }
}
