using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>One finished page.</summary>
/// <param name="Snapshot">What it shows.</param>
/// <param name="Format">In which format.</param>
/// <param name="IsCompressed">True when <paramref name="Body"/> is gzip.</param>
/// <param name="At">Timestamp of the clock, to which its ages were counted.</param>
/// <param name="Body">The bytes; never changed.</param>
internal sealed record Rendering(
    Snapshot Snapshot, ExpositionFormat Format, bool IsCompressed, long At, byte[] Body);
