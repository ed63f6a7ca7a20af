using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>How the program file is laid out; see docs/decisions/0007.</summary>
public sealed class LayoutTests
{
    private const long Together = 2 << 20;

    [Fact]
    public async Task What_runs_all_the_time_lies_together()
    {
        string[] order = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "src", "MapAgent", "order.txt"), TestContext.Current.CancellationToken);
        (int code, string symbols, string errors) = await ChildProcess.RunAsync("nm", ["--defined-only", Agent.Binary + ".dbg"]);
        Assert.True(code == 0, errors);
        Dictionary<string, long> addresses = [];
        foreach (string[] words in symbols.Split('\n').Select(static line => line.Split(' ')).Where(static words => words.Length == 3))
        {
            addresses[words[2]] = long.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        long[] found = [.. order.Where(addresses.ContainsKey).Select(name => addresses[name]).Order()];
        Assert.True(found.Length > 0.9 * order.Length,
            $"{order.Length - found.Length} of {order.Length} functions of src/MapAgent/order.txt have other names now; bench/order.sh writes it anew");
        // Some have several names, and the compiler keeps one of them elsewhere.
        int within = found.Count(address => address - found[0] < Together);
        Assert.True(within > 0.95 * found.Length, $"only {within} of {found.Length} lie within {Together} bytes: does the compiler still take the order?");
    }
}
