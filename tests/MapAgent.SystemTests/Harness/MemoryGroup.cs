using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;

namespace MapAgent.SystemTests.Harness;

/// <summary>A memory cgroup with a limit, version 1 or 2; removed when its members have ended.</summary>
internal sealed class MemoryGroup : IAsyncDisposable
{
    private readonly string _path;

    private MemoryGroup(string path) => _path = path;

    /// <summary>The file that takes pids.</summary>
    public string Members => Path.Combine(_path, "cgroup.procs");

    /// <summary>Makes one.</summary>
    public static MemoryGroup Create(long bytes)
    {
        string root = Directory.Exists("/sys/fs/cgroup/memory") ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
        bool first = root.EndsWith("memory", StringComparison.Ordinal);
        if (!first)
        {
            File.WriteAllText(Path.Combine(root, "cgroup.subtree_control"), "+memory");
        }

        string path = Path.Combine(root, $"mapagent-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, first ? "memory.limit_in_bytes" : "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));
        return new MemoryGroup(path);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Wait.UntilAsync("the end of the members", TimeSpan.FromSeconds(10), () => File.ReadAllText(Members).Length == 0);
        Directory.Delete(_path);
    }
}
