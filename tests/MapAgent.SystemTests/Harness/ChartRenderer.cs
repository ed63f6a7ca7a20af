using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>tests/helm/render.go, which stands for "helm template". It is built once in a run of the tests.</summary>
internal static class ChartRenderer
{
    private static readonly Lazy<Task<string>> s_program = new(BuildAsync);

    /// <summary>The folder of the chart.</summary>
    public static string Chart { get; } = Path.Combine(Repository.Root, "deploy", "helm", "mapagent");

    /// <summary>A copy of the chart with the tests' own rules and dashboards, so that goldens do not change with the project's.</summary>
    public static TemporaryFolder WithOwnFiles()
    {
        TemporaryFolder copy = new();
        CopyFolder(Chart, copy.Path);
        if (Directory.Exists(copy.File("files")))
        {
            Directory.Delete(copy.File("files"), recursive: true);
        }

        CopyFolder(Path.Combine(Repository.Root, "tests", "helm", "files"), copy.File("files"));
        return copy;
    }

    /// <summary>Renders with files of values, whose comments may say "# kube VERSION" and "# api VERSION".</summary>
    /// <returns>What was printed, or the error.</returns>
    public static async Task<(Rendering? Rendering, string Errors)> RenderAsync(string chart, params string[] values)
    {
        List<string> arguments = [];
        foreach (string file in values)
        {
            string[] words = [.. Regex.Matches(await File.ReadAllTextAsync(file), "^# (kube|api) (.+)$", RegexOptions.Multiline)
                .SelectMany(static match => new[] { "-" + match.Groups[1].Value, match.Groups[2].Value })];
            arguments.AddRange([.. words, "-values", file]);
        }

        (int code, string output, string errors) = await ChildProcess.RunAsync(await s_program.Value, [.. arguments, chart]);
        Assert.True(code is 0 or 1, errors);
        return (code == 0 ? JsonSerializer.Deserialize<Rendering>(output, JsonSerializerOptions.Web) : null, errors);
    }

    /// <summary>Renders values that are good.</summary>
    public static async Task<Rendering> RenderGoodAsync(string chart, params string[] values)
    {
        (Rendering? rendering, string errors) = await RenderAsync(chart, values);
        Assert.True(rendering is not null, errors);
        return rendering;
    }

    private static async Task<string> BuildAsync()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "render")).FullName;
        string program = Path.Combine(folder, "render");
        // Debian's packages of Go libraries are a GOPATH; nothing is fetched.
        Dictionary<string, string> environment = new()
        {
            ["GO111MODULE"] = "off",
            ["GOPATH"] = "/usr/share/gocode",
            ["GOCACHE"] = Path.Combine(folder, "cache"),
            ["CGO_ENABLED"] = "0",
        };
        string source = Path.Combine(Repository.Root, "tests", "helm", "render.go");
        (int code, _, string errors) = await ChildProcess.RunAsync("go", ["build", "-o", program, source], environment,
            patience: TimeSpan.FromMinutes(4));
        Assert.True(code == 0, errors);
        return program;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
