using System;
using System.Collections.Generic;
using System.Globalization;

namespace MapAgent.Selection;

/// <summary>What an expression of a name template yields.</summary>
internal enum NameType
{
    /// <summary>A string; null where a capture is missing.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>A moment.</summary>
    Time,

    /// <summary>The cgroup paths.</summary>
    List,

    /// <summary>All captures; only index takes them.</summary>
    Captures,
}

/// <summary>One value; which member counts is said by <see cref="Type"/>, and Number is 1 or 0 for a truth.</summary>
internal readonly record struct NameValue(
    NameType Type,
    string? Text = null,
    long Number = 0,
    DateTimeOffset Time = default,
    IReadOnlyList<string>? List = null)
{
    /// <summary>Whether {{if}} takes the value for true: not empty and not zero, as Go's text/template says.</summary>
    internal bool IsTrue => Type switch
    {
        NameType.Text => !string.IsNullOrEmpty(Text),
        NameType.List => List!.Count > 0,
        NameType.Time => true,
        _ => Number != 0,
    };

    /// <summary>The value as Go prints it.</summary>
    public override string ToString() => Type switch
    {
        NameType.Text => Text ?? "<no value>",
        NameType.Number => Number.ToString(CultureInfo.InvariantCulture),
        NameType.Truth => Number != 0 ? "true" : "false",
        NameType.Time => Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + " +0000 UTC",
        _ => $"[{string.Join(' ', List!)}]",
    };
}
