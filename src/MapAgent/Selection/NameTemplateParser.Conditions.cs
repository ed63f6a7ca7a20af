using System.Collections.Generic;

namespace MapAgent.Selection;

/// <summary>{{if}}, {{else}}, {{else if}} and {{end}}.</summary>
internal sealed partial class NameTemplateParser
{
    private bool ReadIf(int start, bool chained)
    {
        SkipSpace();
        int from = _position;
        if (!TryReadExpression(out NameExpression? expression) || !Printable(from, expression))
        {
            return false;
        }

        NamePiece piece = new(expression) { IsCondition = true };
        _target.Add(piece);
        _open.Push(new Condition(start, piece, _target, chained));
        _target = piece.Then;
        return ReadEndOfAction();
    }

    private bool ReadElse(int start)
    {
        if (!_open.TryPeek(out Condition? condition) || _target == condition.Piece.Else)
        {
            return Fail(start, "{{else}}", "it belongs once between {{if}} and {{end}}");
        }

        _target = condition.Piece.Else;
        SkipSpace();
        if (PeekWord() == "if")
        {
            _position += 2;
            return ReadIf(start, true);
        }

        return ReadEndOfAction();
    }

    // One {{end}} ends an {{if}} together with all its {{else if}}.
    private bool ReadEnd(int start)
    {
        if (_open.Count == 0)
        {
            return Fail(start, "{{end}} without {{if}}", "remove it");
        }

        Condition condition = _open.Pop();
        while (condition.IsChained)
        {
            condition = _open.Pop();
        }

        _target = condition.Outside;
        return true;
    }

    /// <summary>An {{if}} that is not ended yet: where it stands, its piece, and the list the piece is in.</summary>
    private sealed record Condition(int Start, NamePiece Piece, List<NamePiece> Outside, bool IsChained);
}
