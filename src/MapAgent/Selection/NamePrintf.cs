using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MapAgent.Selection;

/// <summary>printf with the verbs %s, %v and %d, without widths or flags.</summary>
internal sealed class NamePrintf : NameExpression
{
    private readonly string _format;
    private readonly IReadOnlyList<NameExpression> _arguments;

    private NamePrintf(string format, IReadOnlyList<NameExpression> arguments)
        : base(NameType.Text) => (_format, _arguments) = (format, arguments);

    /// <summary>Checks that each verb has its argument, %d a number.</summary>
    /// <returns>False with a reason when they do not fit, or when the verb is another.</returns>
    internal static bool TryCreate(
        string format,
        IReadOnlyList<NameExpression> arguments,
        [NotNullWhen(true)] out NamePrintf? printf,
        out string reason)
    {
        printf = null;
        reason = "";
        int used = 0;
        for (int index = format.IndexOf('%'); index >= 0; index = format.IndexOf('%', index + 2))
        {
            char verb = index + 1 < format.Length ? format[index + 1] : '\0';
            if (verb == '%')
            {
                continue;
            }

            NameType type = used < arguments.Count ? arguments[used].Type : NameType.Captures;
            bool fits = verb is 'v' || (verb is 'd' && type == NameType.Number) || (verb is 's' && type != NameType.Number);
            if (type == NameType.Captures || !fits)
            {
                reason = "the verbs are %s for texts, %d for numbers and %v for both, each with its argument";
                return false;
            }

            used++;
        }

        if (used < arguments.Count)
        {
            reason = "there are more arguments than verbs";
            return false;
        }

        printf = new NamePrintf(format, arguments);
        return true;
    }

    internal override bool TryEvaluate(in TemplateValues values, out NameValue value)
    {
        StringBuilder output = new();
        value = default;
        int used = 0;
        for (int index = 0; index < _format.Length; index++)
        {
            char letter = _format[index];
            char verb = letter == '%' ? _format[++index] : '%';
            if (verb == '%')
            {
                output.Append(letter);
                continue;
            }

            if (!_arguments[used++].TryEvaluate(values, out NameValue argument))
            {
                return false;
            }

            // Go's marks for a value that is not there.
            bool missing = argument is { Type: NameType.Text, Text: null };
            output.Append(!missing ? argument.ToString() : verb == 'v' ? "<nil>" : "%!s(<nil>)");
        }

        value = new NameValue(NameType.Text, output.ToString());
        return true;
    }
}
