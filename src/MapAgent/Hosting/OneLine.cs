using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Serilog.Core;
using Serilog.Events;

namespace MapAgent.Hosting;

/// <summary>
/// Keeps what is logged on its line: the names of processes and groups are chosen by whoever starts them, and a line feed with what looks
/// like a priority after it would be an entry of the journal's own.
/// </summary>
internal sealed class OneLine : ILogEventEnricher
{
    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? cleaned = null;
        foreach (KeyValuePair<string, LogEventPropertyValue> property in logEvent.Properties)
        {
            if (property.Value is ScalarValue { Value: string text } && text.Any(IsHidden))
            {
                (cleaned ??= []).Add(new LogEventProperty(property.Key, new ScalarValue(string.Concat(text.Select(static c => IsHidden(c) ? '?' : c)))));
            }
        }

        cleaned?.ForEach(logEvent.AddOrUpdateProperty);
    }

    // Controls, and what changes the direction or the lines of a text.
    private static bool IsHidden(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
