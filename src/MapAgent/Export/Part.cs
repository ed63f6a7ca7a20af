using System;
using System.Collections.Generic;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>One value of a <see cref="SeriesFamily"/>: whole numbers stay whole, so that bytes are exact.</summary>
internal sealed class Part
{
    private Part(Func<SeriesSnapshot, View, long?>? whole, Func<SeriesSnapshot, View, double?>? real, KeyValuePair<string, object?>[] labels)
    {
        Whole = whole;
        Real = real;
        Labels = labels;
    }

    /// <summary>The value as a whole number; null when <see cref="Real"/> is set.</summary>
    public Func<SeriesSnapshot, View, long?>? Whole { get; }

    /// <summary>The value as a fraction; null when <see cref="Whole"/> is set.</summary>
    public Func<SeriesSnapshot, View, double?>? Real { get; }

    /// <summary>Labels that tell this value from the others of its family.</summary>
    public KeyValuePair<string, object?>[] Labels { get; }

    /// <summary>Makes a part with whole numbers.</summary>
    public static Part Of(Func<SeriesSnapshot, long?> value, params (string Name, string Value)[] labels) =>
        new((series, _) => value(series), null, Pairs(labels));

    /// <summary>Makes a part with fractions, which may depend on the moment of the scrape.</summary>
    public static Part OfReal(Func<SeriesSnapshot, View, double?> value) => new(null, value, []);

    private static KeyValuePair<string, object?>[] Pairs((string Name, string Value)[] labels) =>
        Array.ConvertAll(labels, static label => new KeyValuePair<string, object?>(label.Name, label.Value));
}
