using System.Collections.Generic;
using System.Linq;

namespace MapAgent.Export;

/// <summary>One series of a <see cref="NodeFamily"/> at one moment.</summary>
/// <param name="Value">Exact for whole numbers below 2^53.</param>
/// <param name="Labels">Its labels.</param>
internal readonly record struct Point(double Value, params KeyValuePair<string, object?>[] Labels)
{
    /// <summary>One point, or none when the value is unknown.</summary>
    public static IEnumerable<Point> Maybe(double? value) => value is { } known ? [new Point(known)] : [];

    /// <summary>A point with one label; null when the value is unknown.</summary>
    public static Point? With(double? value, string label, string text) =>
        value is { } known ? new Point(known, new KeyValuePair<string, object?>(label, text)) : null;

    /// <summary>The labels of a container, of those names that are known.</summary>
    public static KeyValuePair<string, object?>[] Names(string? space, string? pod, string? container) =>
    [
        .. new KeyValuePair<string, object?>[] { new("namespace", space), new("pod", pod), new("container", container) }
            .Where(static label => label.Value is not null),
    ];

    /// <summary>The points that are known.</summary>
    public static IEnumerable<Point> Known(params Point?[] points)
    {
        foreach (Point? point in points)
        {
            if (point is { } known)
            {
                yield return known;
            }
        }
    }
}
