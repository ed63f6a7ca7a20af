using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;

namespace MapAgent.Selection;

/// <summary>Expressions: fields, literals, parentheses and functions.</summary>
internal sealed partial class NameTemplateParser
{
    private static readonly Dictionary<string, (TemplateFields Need, NameType Type)> s_fields = new(StringComparer.Ordinal)
    {
        ["Comm"] = (TemplateFields.Comm, NameType.Text),
        ["ExeBase"] = (TemplateFields.Exe, NameType.Text),
        ["ExeFull"] = (TemplateFields.Exe, NameType.Text),
        ["Username"] = (TemplateFields.Username, NameType.Text),
        ["PID"] = (TemplateFields.Pid, NameType.Number),
        ["StartTime"] = (TemplateFields.StartTime, NameType.Time),
        ["Cgroups"] = (TemplateFields.Cgroups, NameType.List),
        ["Matches"] = (TemplateFields.Matches, NameType.Captures),
    };

    private bool TryReadExpression([NotNullWhen(true)] out NameExpression? expression)
    {
        int start = _position;
        string word = PeekWord();
        if (word.Length == 0 || char.IsAsciiDigit(word[0]))
        {
            return TryReadOperand(out expression);
        }

        expression = null;
        _position += word.Length;
        List<NameExpression> arguments = [];
        for (SkipSpace(); _position < _text.Length && !At("}}") && !At("-}}") && !At(")"); SkipSpace())
        {
            if (!TryReadOperand(out NameExpression? argument))
            {
                return false;
            }

            arguments.Add(argument);
        }

        return TryCall(start, word, arguments, out expression);
    }

    private bool TryReadOperand([NotNullWhen(true)] out NameExpression? expression)
    {
        expression = null;
        char first = _position < _text.Length ? _text[_position] : '\0';
        switch (first)
        {
            case '.':
                return TryReadField(out expression);
            case '"' or '`':
                return TryReadString(out expression);
            case '(':
                _position++;
                SkipSpace();
                return TryReadExpression(out expression) && ReadParenthesis();
            case '-' or '+' or (>= '0' and <= '9'):
                return TryReadNumber(out expression);
            default:
                string what = first == '\0' ? "end of the template inside {{" : $"'{first}'";
                return Fail(_position, what, "a field such as .Comm, a \"text\" or a number is expected");
        }
    }

    private bool ReadParenthesis()
    {
        SkipSpace();
        if (!At(")"))
        {
            return Fail(_position, "'(' not closed", "write )");
        }

        _position++;
        return true;
    }

    // .NAME, .Matches.NAME, or .StartTime.Unix, the one method of a time that makes a useful name.
    private bool TryReadField([NotNullWhen(true)] out NameExpression? expression)
    {
        expression = null;
        int start = _position++;
        string name = ReadWord();
        if (!s_fields.TryGetValue(name, out (TemplateFields Need, NameType Type) field))
        {
            string? nearest = NearestWord.Of(name, s_fields.Keys);
            bool similar = name.Length > 0 && nearest is not null;
            string mend = similar ? $"did you mean .{nearest}?" : $"the fields are .{string.Join(", .", s_fields.Keys)}";
            return Fail(start, $"field '.{name}'", mend);
        }

        Needs |= field.Need;
        string member = "";
        if (At("."))
        {
            _position++;
            member = ReadWord();
            bool known = field.Type == NameType.Captures ? member.Length > 0 : field.Type == NameType.Time && member == "Unix";
            if (!known || At("."))
            {
                const string Mend = "only .Matches has members, named like the groups (?P<name>...), and .StartTime has .Unix";
                return Fail(start, $"'.{name}.{member}'", Mend);
            }
        }

        NameType memberType = field.Type == NameType.Time ? NameType.Number : NameType.Text;
        expression = new NameField(name, member, member.Length == 0 ? field.Type : memberType);
        return true;
    }

    private bool TryReadNumber([NotNullWhen(true)] out NameExpression? expression)
    {
        int start = _position++;
        while (_position < _text.Length && char.IsAsciiLetterOrDigit(_text[_position]))
        {
            _position++;
        }

        ReadOnlySpan<char> digits = _text.AsSpan(start, _position - start);
        bool read = long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
        expression = read ? new NameLiteral(new NameValue(NameType.Number, Number: number)) : null;
        return expression is not null || Fail(start, $"'{_text[start.._position]}'", "write a whole number, or a field such as .Comm");
    }

    private bool TryCall(int start, string function, List<NameExpression> arguments, [NotNullWhen(true)] out NameExpression? expression)
    {
        expression = null;
        bool fits = function switch
        {
            "index" => arguments.Count == 2
                && (arguments[0].Type, arguments[1].Type) is (NameType.Captures, NameType.Text) or (NameType.List, NameType.Number),
            "eq" => arguments.Count >= 2 && AreComparable(arguments),
            "ne" => arguments.Count == 2 && AreComparable(arguments),
            "not" => arguments.Count == 1 && arguments[0].Type != NameType.Captures,
            "printf" => arguments.Count > 0 && arguments[0] is NameLiteral { Type: NameType.Text },
            _ => Fail(start, $"'{function}'", "of Go's templates, if, else, end, index, eq, ne, not and printf are known here"),
        };
        if (_error is not null)
        {
            return false;
        }

        string reason = "its arguments are of another kind or number, as in index .Cgroups 0 or eq .Username \"root\"";
        if (fits && function == "printf")
        {
            string format = ((NameLiteral)arguments[0]).Literal.Text!;
            fits = NamePrintf.TryCreate(format, arguments.GetRange(1, arguments.Count - 1), out NamePrintf? printf, out reason);
            expression = printf;
        }
        else if (fits)
        {
            expression = new NameCall(function, arguments, function == "index" ? NameType.Text : NameType.Truth);
        }

        return expression is not null || Fail(start, $"'{function}'", reason);
    }

    private static bool AreComparable(List<NameExpression> arguments) =>
        arguments[0].Type is NameType.Text or NameType.Number && arguments.All(argument => argument.Type == arguments[0].Type);

    // Go prints all captures as a map; as a name that is never meant.
    private bool Printable(int position, NameExpression expression) =>
        expression.Type != NameType.Captures || Fail(position, "'.Matches' alone", "name one capture, as in .Matches.Port");

    private string PeekWord()
    {
        int end = _position;
        while (end < _text.Length && (char.IsLetterOrDigit(_text[end]) || _text[end] == '_'))
        {
            end++;
        }

        return _text[_position..end];
    }

    private string ReadWord()
    {
        string word = PeekWord();
        _position += word.Length;
        return word;
    }
}
