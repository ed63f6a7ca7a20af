using System;
using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace MapAgent.Hosting;

/// <summary>Serilog, configured in code: its settings reader finds sinks by reflection and yields none in a native binary.</summary>
internal static class Logging
{
    /// <summary>A logger that writes to standard error.</summary>
    public static Logger Create(FlagValues flags)
    {
        bool journal = Journal.IsStandardError(Environment.GetEnvironmentVariable("JOURNAL_STREAM"), Journal.Descriptor());
        // The journal stamps lines itself.
        string line = journal ? "{Message:lj}{NewLine}{Exception}" : "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {Message:lj}{NewLine}{Exception}";
        ITextFormatter formatter = flags.LogAsJson ? new CompactJsonFormatter() : new MessageTemplateTextFormatter(line, CultureInfo.InvariantCulture);
        return new LoggerConfiguration()
            .MinimumLevel.Is(Level(flags.LogLevel))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // A start that fails is told in one line by the command; the host would add the stack.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal)
            .Enrich.With(new OneLine())
            .WriteTo.Console(journal ? new Journal.PriorityFormatter(formatter) : formatter, standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();
    }

    private static LogEventLevel Level(string name) => name switch
    {
        "debug" => LogEventLevel.Debug,
        "warning" => LogEventLevel.Warning,
        "error" => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };
}
