using System;

namespace MapAgent.SystemTests.Harness;

/// <summary>Lives as long as the run of the tests, and removes what they share.</summary>
public sealed class TestRun : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => NativePrograms.Remove();
}
