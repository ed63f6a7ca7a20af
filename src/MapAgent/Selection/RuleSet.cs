using System.Collections.Generic;
using System.Linq;

namespace MapAgent.Selection;

/// <summary>The rules in their order, and what a process must tell so that they can be asked.</summary>
internal sealed class RuleSet
{
    /// <summary>Makes a set of rules that are already compiled.</summary>
    /// <param name="rules">In order; the first that matches wins.</param>
    /// <param name="children">True when an unmatched process joins the group of its nearest matched ancestor.</param>
    public RuleSet(IEnumerable<Rule> rules, bool children)
    {
        Rules = [.. rules];
        Children = children;
        NeedsCmdline = Rules.Any(rule => rule.NeedsCmdline);
        NeedsUser = Rules.Any(rule => rule.NeedsUser);
        NeedsCgroup = Rules.Any(rule => rule.NeedsCgroup);
    }

    /// <summary>The rules, compiled.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>True when an unmatched process joins the group of its nearest matched ancestor.</summary>
    public bool Children { get; }

    /// <summary>Some rule looks at the arguments.</summary>
    public bool NeedsCmdline { get; }

    /// <summary>Some rule looks at the user.</summary>
    public bool NeedsUser { get; }

    /// <summary>Some rule looks at the cgroup.</summary>
    public bool NeedsCgroup { get; }

    /// <summary>With no configuration every process is named by <c>{{.Comm}}</c>.</summary>
    public static RuleSet Default { get; } = new([Rule.ForEveryProcess("{{.Comm}}")], children: true);

    /// <summary>The first rule that matches, and the name it gives.</summary>
    /// <returns>Null when none matches.</returns>
    public (Rule Rule, string Group)? Match(ProcessFacts facts)
    {
        foreach (Rule rule in Rules)
        {
            if (rule.Match(facts) is { } name)
            {
                return (rule, name);
            }
        }

        return null;
    }
}
