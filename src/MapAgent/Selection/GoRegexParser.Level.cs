using System.Collections.Generic;

namespace MapAgent.Selection;

/// <summary>The items of a group read so far.</summary>
internal sealed partial class GoRegexParser
{
    /// <summary>One level of groups; the outermost is the pattern itself.</summary>
    private sealed class Level
    {
        private readonly List<GoRegexNode> _branches = [];

        internal Flags Flags { get; set; }

        /// <summary>Where the '(' stands.</summary>
        internal int Opened { get; init; }

        /// <summary>The number of the named group, 0 for a group without a name.</summary>
        internal int Capture { get; init; }

        /// <summary>What the branch holds so far; a repetition repeats the last of it.</summary>
        internal List<GoRegexNode> Items { get; private set; } = [];

        internal void NextBranch()
        {
            _branches.Add(new GoRegexNode(GoRegexKind.Sequence) { Parts = Items });
            Items = [];
        }

        internal GoRegexNode Whole()
        {
            NextBranch();
            return _branches.Count == 1 ? _branches[0] : new GoRegexNode(GoRegexKind.Choice) { Parts = _branches };
        }
    }
}
