using System.Collections.Generic;
using System.Globalization;
using System.IO;
using MapAgent.Hosting;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace MapAgent.Tests.Hosting;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("postgres", "postgres")]
    [InlineData("evil\n<2>root: FAKE", "evil?<2>root: FAKE")]
    [InlineData("a\u001b[2Jb\u202ec\u2028d\u0085e", "a?[2Jb?c?d?e")]
    [InlineData("\u6f22 \U0001f600", "\u6f22 \U0001f600")]
    public void A_name_stays_on_its_line(string name, string shown)
    {
        Kept kept = new();
        using (Logger logger = new LoggerConfiguration().Enrich.With(new OneLine()).WriteTo.Sink(kept).CreateLogger())
        {
            logger.Information("Process {Pid} of group {Group}", 7, name);
        }

        using StringWriter text = new();
        Assert.Single(kept.Events).RenderMessage(text, CultureInfo.InvariantCulture);
        Assert.Equal($"Process 7 of group \"{shown}\"", text.ToString());
    }

    private sealed class Kept : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
