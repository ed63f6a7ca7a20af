using System;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Export.Otlp;
using MapAgent.Host;
using MapAgent.Hosting;
using MapAgent.Identity;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Shm;
using Microsoft.Extensions.Time.Testing;

namespace MapAgent.Tests.Export;

/// <summary>A pass over a tree and the exposition of its snapshots, composed as the agent composes them.</summary>
internal sealed class Page : IDisposable
{
    private readonly Measuring _measuring;
    // A 32-bit program with a file on NFS under a hint.
    private const string Smaps = """
        08048000-08058000 r--s 00000000 00:2a 77      /srv/file
        Size:                 64 kB
        Rss:                  64 kB
        Pss:                  32 kB
        Shared_Clean:         64 kB
        Shared_Dirty:          0 kB
        Private_Clean:         0 kB
        Private_Dirty:         0 kB
        Swap:                  0 kB
        VmFlags: rd mr me ms rr
        bfffe000-c0000000 rw-p 00000000 00:00 0       [stack]
        Size:                  8 kB
        Rss:                   8 kB
        Pss:                   8 kB
        Shared_Clean:          0 kB
        Shared_Dirty:          0 kB
        Private_Clean:         0 kB
        Private_Dirty:         8 kB
        Swap:                  4 kB
        VmFlags: rd wr mr mw me gd ac

        """;

    private readonly ProcTree _tree;

    /// <summary>Opens the tree.</summary>
    public Page(ProcTree tree, PassSetup? setup = null)
    {
        _tree = tree;
        WebCounts counts = new();
        counts.Loaded(good: true, certificateEnd: 1_900_000_000);
        Exposition = new Exposition(Clock) { Web = counts };
        _measuring = new Measuring(tree.Root, "", Clock, Exposition.Times);
        _measuring.Pass.Configure(setup ?? PassSetup.Default);
    }

    /// <summary>A clock that stands still.</summary>
    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    /// <summary>The exposition.</summary>
    public Exposition Exposition { get; }

    /// <summary>One pass.</summary>
    public Snapshot Measure() => _measuring.Pass.Run();

    /// <summary>Two passes in which process 42 faults much, with a shm mount of which everything is known.</summary>
    public Snapshot MeasureFull()
    {
        _tree.WithProcess(42).With(42, "smaps", Smaps).With(42, "mountinfo", "40 30 0:42 / /srv rw - nfs4 server:/srv rw\n").With("sys/vm/max_map_count", "65530\n");
        Measure();
        Clock.Advance(TimeSpan.FromSeconds(15));
        _tree.WithProcess(42, new StatLine { MajorFaults = "3002" });
        Exposition.Otlp ??= new OtlpCounts();
        LookupLedger lookups = new();
        lookups.Record(SourceKind.Logs, LookupOutcome.Ok, 1);
        Snapshot snapshot = Measure();
        return snapshot with
        {
            Shm = Mounted("/dev/shm", "worker_*"),
            Identity = new IdentityValues(lookups, 1, 2, 3, 4),
            Containers = [new ContainerMemory("prod", "web-0", "web", new CgroupMemory(4096, 67_108_864, 8192, 5, 7))],
            Host = snapshot.Host with { SomeStalls = 2, FullStalls = 1 },
            Series = [.. snapshot.Series.Select(static series => series with { Caches = [new CachedFile("/srv/file", 0.25, 4096)] })],
        };
    }

    /// <summary>Shared memory with one mount of one family.</summary>
    public static ShmValues Mounted(string mount, string family) => new()
    {
        Mounts =
        [
            new ShmMountValues
            {
                Mount = mount, Device = new Device(0, 57), Namespace = "prod", Pod = "web-0", Container = "web", SizeBytes = 67_108_864,
                UsedBytes = 12_288, PeakBytes = 16_384, Inodes = 1000, InodesUsed = 3, Segments = 2, UnlinkedBytes = 4096,
                UnreferencedBytes = 4096, UnreferencedSegments = 1, Families = [new FamilyBytes(family, 8192, 2)],
                Largest =
                [
                    new Segment("worker_1", family, 4096, 65_536, 1000, 0x180, 1_799_990_000, SegmentUse.Used, [42, 43]),
                    new Segment("worker_2", family, 4096, 4096, 0, 0x1a4, 1_700_000_000, SegmentUse.Unreferenced, []),
                ],
                Pids = [42],
            },
        ],
        Sysv = new SysvValues(8192, 2, 4096, 8192),
        UnaccountedBytes = 1_048_576,
        CpuSeconds = 0.25,
    };

    /// <summary>One snapshot as text.</summary>
    public async Task<ScrapeText> RenderAsync(Snapshot snapshot, ExpositionFormat format = ExpositionFormat.Text) =>
        new(Encoding.UTF8.GetString((await Exposition.RenderAsync(snapshot, format, compressed: false, CancellationToken.None)).Body));

    /// <summary>A view of a snapshot, now.</summary>
    public View ViewOf(Snapshot snapshot) => new(snapshot, Clock.GetTimestamp(), Clock);

    /// <summary>A setup with one rule that gives every process with this name a series of its own.</summary>
    public static PassSetup PerProcess(string comm, int limit) =>
        Rule.TryCreate(new RuleOptions { Name = "{{.Comm}}", Comm = [comm], PerProcess = true }, out Rule? rule, out _)
            ? new PassSetup(new RuleSet([rule], children: false), new SamplingOptions(), new LimitOptions { PerProcess = limit }, new ShmOptions(), new MappingsOptions())
            : throw new ArgumentException("no such rule", nameof(comm));

    /// <inheritdoc/>
    public void Dispose()
    {
        _measuring.Dispose();
        Exposition.Dispose();
    }
}
