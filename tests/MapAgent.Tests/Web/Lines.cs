using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;

namespace MapAgent.Tests.Web;

/// <summary>A log that is kept.</summary>
internal sealed class Lines : ILogger
{
    /// <summary>What was said.</summary>
    public List<string> All { get; } = [];

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (All)
        {
            All.Add(formatter(state, exception));
        }
    }
}
