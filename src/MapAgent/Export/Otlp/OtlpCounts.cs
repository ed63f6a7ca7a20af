using System.Threading;

namespace MapAgent.Export.Otlp;

/// <summary>Exports by how they ended. Written by the sender's thread, read by scrapes.</summary>
internal sealed class OtlpCounts
{
    private long _ok;
    private long _failed;

    /// <summary>All requests of the export were accepted.</summary>
    public long Ok => Volatile.Read(ref _ok);

    /// <summary>The others.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Counts.</summary>
    public void Record(bool isOk) => _ = isOk ? Interlocked.Increment(ref _ok) : Interlocked.Increment(ref _failed);
}
