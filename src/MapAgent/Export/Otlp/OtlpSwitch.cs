using System;
using MapAgent.Sampling;
using Microsoft.Extensions.Logging;

namespace MapAgent.Export.Otlp;

/// <summary>Turns OTLP on and off while the agent runs. While it is off there is neither thread nor client.</summary>
internal sealed class OtlpSwitch(SnapshotStore store, Exposition exposition, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly object _gate = new();
    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private OtlpSender? _sender;

    /// <summary>Turns it on, or off.</summary>
    /// <param name="settings">Where and how; null for off. The environment of a process does not change: one that sends goes on.</param>
    public void Turn(OtlpSettings? settings)
    {
        lock (_gate)
        {
            if (settings is not null && _sender is null)
            {
                exposition.Otlp ??= new OtlpCounts();
                _sender = new OtlpSender(store, settings, new OtlpEncoding(settings, exposition.Histograms, _started), exposition.Otlp, clock, logger);
            }
            else if (settings is null && _sender is not null)
            {
                _sender.Dispose();
                _sender = null;
                Log.Off(logger);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _sender?.Dispose();
            _sender = null;
        }
    }
}
