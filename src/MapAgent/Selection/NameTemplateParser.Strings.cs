using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace MapAgent.Selection;

/// <summary>Strings as Go writes them: "with escapes" on one line, and `as it is`.</summary>
internal sealed partial class NameTemplateParser
{
    private bool TryReadString([NotNullWhen(true)] out NameExpression? expression)
    {
        expression = null;
        int start = _position++;
        bool raw = _text[start] == '`';
        StringBuilder content = new();
        while (_position < _text.Length && _text[_position] != _text[start] && (raw || _text[_position] != '\n'))
        {
            char letter = _text[_position++];
            if (raw || letter != '\\')
            {
                content.Append(letter);
            }
            else if (!ReadEscape(content))
            {
                return false;
            }
        }

        if (_position == _text.Length || _text[_position] != _text[start])
        {
            return Fail(start, "text without its closing quote", $"write {_text[start]} where it ends");
        }

        _position++;
        expression = new NameLiteral(new NameValue(NameType.Text, content.ToString()));
        return true;
    }

    private bool ReadEscape(StringBuilder content)
    {
        int start = _position - 1;
        char letter = _position < _text.Length ? _text[_position++] : '\0';
        int plain = "abfnrtv\\\"".IndexOf(letter, StringComparison.Ordinal);
        if (plain >= 0)
        {
            content.Append("\a\b\f\n\r\t\v\\\""[plain]);
            return true;
        }

        int digits = letter switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && _position + digits <= _text.Length
            && int.TryParse(_text.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            && Rune.TryCreate(code, out Rune rune) && !(letter == 'x' && code > 127))
        {
            _position += digits;
            content.Append(rune);
            return true;
        }

        return Fail(start, $"escape '\\{letter}'", "write \\n, \\t, \\\", \\\\ or \\u followed by four hexadecimal digits");
    }
}
