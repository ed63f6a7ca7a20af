using System;
using System.Globalization;
using System.IO;
using Serilog.Events;
using Serilog.Formatting;

namespace MapAgent.Hosting;

/// <summary>Whether standard error is the journal, and the priority prefixes it understands (sd-daemon(3)).</summary>
internal static class Journal
{
    /// <summary>True when JOURNAL_STREAM names the socket behind descriptor 2; a redirected stream keeps the variable but not the socket.</summary>
    /// <param name="journalStream">The variable: device and inode, parted by a colon.</param>
    /// <param name="descriptor">What the link /proc/self/fd/2 says.</param>
    public static bool IsStandardError(string? journalStream, string? descriptor)
    {
        string[] parts = (journalStream ?? "").Split(':');
        return parts.Length == 2
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            && descriptor == string.Create(CultureInfo.InvariantCulture, $"socket:[{inode}]");
    }

    /// <summary>What descriptor 2 is.</summary>
    public static string? Descriptor()
    {
        try
        {
            return new FileInfo("/proc/self/fd/2").LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without /proc/self the journal cannot be recognised; plain lines are understood everywhere.
            return null;
        }
    }

    /// <summary>Puts the priority in front of what another formatter writes.</summary>
    public sealed class PriorityFormatter(ITextFormatter inner) : ITextFormatter
    {
        /// <inheritdoc/>
        public void Format(LogEvent logEvent, TextWriter output)
        {
            output.Write(logEvent.Level switch
            {
                LogEventLevel.Fatal => "<2>",
                LogEventLevel.Error => "<3>",
                LogEventLevel.Warning => "<4>",
                LogEventLevel.Information => "<6>",
                _ => "<7>",
            });
            inner.Format(logEvent, output);
        }
    }
}
