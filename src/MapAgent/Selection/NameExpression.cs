using System;
using System.Collections.Generic;

namespace MapAgent.Selection;

/// <summary>
/// An expression of a name template. Types are settled when it is parsed, so that evaluation fails only for an index out of range.
/// </summary>
internal abstract class NameExpression(NameType type)
{
    internal NameType Type { get; } = type;

    /// <summary>Evaluates for one process.</summary>
    /// <returns>False where Go stops writing.</returns>
    internal abstract bool TryEvaluate(in TemplateValues values, out NameValue value);
}

/// <summary>A string or number written in the template.</summary>
internal sealed class NameLiteral(NameValue literal) : NameExpression(literal.Type)
{
    internal NameValue Literal => literal;

    internal override bool TryEvaluate(in TemplateValues values, out NameValue value)
    {
        value = literal;
        return true;
    }
}

/// <summary>A field such as .Comm, or .Matches.NAME; <paramref name="member"/> is "" where nothing follows the field.</summary>
internal sealed class NameField(string field, string member, NameType type) : NameExpression(type)
{
    internal override bool TryEvaluate(in TemplateValues values, out NameValue value)
    {
        value = field switch
        {
            "Comm" => new NameValue(NameType.Text, values.Comm),
            "ExeBase" => new NameValue(NameType.Text, values.ExeBase),
            "ExeFull" => new NameValue(NameType.Text, values.ExeFull),
            "Username" => new NameValue(NameType.Text, values.Username),
            "PID" => new NameValue(NameType.Number, Number: values.Pid),
            "StartTime" when member == "Unix" => new NameValue(NameType.Number, Number: values.StartTime.ToUnixTimeSeconds()),
            "StartTime" => new NameValue(NameType.Time, Time: values.StartTime),
            "Cgroups" => new NameValue(NameType.List, List: values.Cgroups),
            _ => new NameValue(NameType.Text, values.Matches.TryGetValue(member, out string? text) ? text : null),
        };
        return true;
    }
}

/// <summary>A function applied to arguments whose number and types the parser has checked.</summary>
internal sealed class NameCall(string function, IReadOnlyList<NameExpression> arguments, NameType type) : NameExpression(type)
{
    internal override bool TryEvaluate(in TemplateValues values, out NameValue value)
    {
        value = default;
        NameValue[] evaluated = new NameValue[arguments.Count];
        for (int index = 0; index < evaluated.Length; index++)
        {
            if (!arguments[index].TryEvaluate(values, out evaluated[index]))
            {
                return false;
            }
        }

        switch (function)
        {
            case "index" when evaluated[0].Type == NameType.List:
                int place = evaluated[1].Number is >= 0 and <= int.MaxValue ? (int)evaluated[1].Number : int.MaxValue;
                bool inside = place < values.Cgroups.Count;
                value = new NameValue(NameType.Text, inside ? values.Cgroups[place] : null);
                return inside;
            case "index":
                // Unlike .Matches.NAME, which prints <no value>, a missing capture is empty here.
                value = new NameValue(NameType.Text, values.Matches.GetValueOrDefault(evaluated[1].Text ?? "", ""));
                return true;
            case "not":
                value = Truth(!evaluated[0].IsTrue);
                return true;
            default:
                value = Truth(Array.IndexOf(evaluated, evaluated[0], 1) >= 0 == (function == "eq"));
                return true;
        }
    }

    private static NameValue Truth(bool truth) => new(NameType.Truth, Number: truth ? 1 : 0);
}
