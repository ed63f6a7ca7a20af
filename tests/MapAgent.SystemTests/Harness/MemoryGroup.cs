using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace MapAgent.SystemTests.Harness;

/// <summary>A memory cgroup with a limit, version 1 or 2; removed with what lies above it when its members have ended.</summary>
internal sealed class MemoryGroup : IAsyncDisposable
{
    private readonly string[] _folders;

    private MemoryGroup(string[] folders) => _folders = folders;

    /// <summary>The file that takes pids.</summary>
    public string Members => Path.Combine(_folders[^1], "cgroup.procs");

    /// <summary>Makes one.</summary>
    /// <param name="bytes">The limit.</param>
    /// <param name="path">Folders below a folder of its own.</param>
    public static MemoryGroup Create(long bytes, params string[] path)
    {
        string root = Directory.Exists("/sys/fs/cgroup/memory") ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
        bool first = root.EndsWith("memory", StringComparison.Ordinal);
        List<string> folders = [];
        foreach (string folder in path.Prepend($"mapagent-test-{Guid.NewGuid():N}"))
        {
            string parent = folders.LastOrDefault(root);
            if (!first)
            {
                File.WriteAllText(Path.Combine(parent, "cgroup.subtree_control"), "+memory");
            }

            folders.Add(Path.Combine(parent, folder));
            Directory.CreateDirectory(folders[^1]);
        }

        File.WriteAllText(Path.Combine(folders[^1], first ? "memory.limit_in_bytes" : "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));
        return new MemoryGroup([.. folders]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Wait.UntilAsync("the end of the members", TimeSpan.FromSeconds(10), () => File.ReadAllText(Members).Length == 0);
        foreach (string folder in _folders.Reverse())
        {
            Directory.Delete(folder);
        }
    }
}
