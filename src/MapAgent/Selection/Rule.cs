using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;
using System.Linq;
using MapAgent.Identity;

namespace MapAgent.Selection;

/// <summary>One compiled rule: every selector that is given must match, then the template names the group.</summary>
internal sealed class Rule
{
    private static readonly Dictionary<string, string> s_noMatches = [];
    private readonly HashSet<string>? _comm;
    private readonly HashSet<string>? _exe;
    private readonly GoRegex[]? _cmdline;
    private readonly NameTemplate _name;

    private Rule(RuleOptions options, NameTemplate name, GoRegex[]? cmdline)
    {
        Options = options;
        _name = name;
        _cmdline = cmdline;
        _comm = options.Comm?.ToHashSet(StringComparer.Ordinal);
        _exe = options.Exe?.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What the rule was made from.</summary>
    public RuleOptions Options { get; }

    /// <summary>True when the rule looks at the arguments.</summary>
    public bool NeedsCmdline => _exe is not null || _cmdline is not null || (_name.Needs & (TemplateFields.Exe | TemplateFields.Matches)) != 0;

    /// <summary>True when the rule looks at the user.</summary>
    public bool NeedsUser => Options.User is not null || (_name.Needs & TemplateFields.Username) != 0;

    /// <summary>True when the rule looks at the cgroup.</summary>
    public bool NeedsCgroup => (_name.Needs & TemplateFields.Cgroups) != 0;

    /// <summary>Compiles a rule.</summary>
    /// <param name="options">The entry.</param>
    /// <param name="rule">Null when there are errors.</param>
    /// <param name="errors">Key of the entry and what is wrong with it, all of them; the index counts entries of a list.</param>
    public static bool TryCreate(
        RuleOptions options, [NotNullWhen(true)] out Rule? rule, out IReadOnlyList<(string Key, int Index, string Error)> errors)
    {
        List<(string, int, string)> found = [];
        string template = options.Name.Length == 0 ? "{{.ExeBase}}" : options.Name;
        if (!NameTemplate.TryParse(template, out NameTemplate? name, out string? error))
        {
            found.Add(("name", 0, error));
        }

        List<GoRegex> expressions = [];
        for (int i = 0; i < (options.Cmdline?.Count ?? 0); i++)
        {
            if (GoRegex.TryCompile(options.Cmdline![i], out GoRegex? regex, out error))
            {
                expressions.Add(regex);
            }
            else
            {
                found.Add(("cmdline", i, error));
            }
        }

        if (options is { Comm: null, Exe: null, Cmdline: null, User: null, Unit: null, Namespace: null, Pod: null, Container: null })
        {
            found.Add(("", 0, "the rule has no selector; add comm, exe, cmdline, user or another one"));
        }

        errors = found;
        rule = found.Count == 0 ? new Rule(options, name!, options.Cmdline is null ? null : [.. expressions]) : null;
        return rule is not null;
    }

    /// <summary>A rule without any selector, for the built-in configuration.</summary>
    /// <param name="template">Template of the group's name; must be valid.</param>
    public static Rule ForEveryProcess(string template) =>
        NameTemplate.TryParse(template, out NameTemplate? name, out string? error)
            ? new Rule(new RuleOptions { Name = template }, name, null)
            : throw new ArgumentException(error, nameof(template));

    /// <summary>The name of the group that the rule gives the process; null when it does not match.</summary>
    public string? Match(ProcessFacts facts)
    {
        if ((_comm is not null && !_comm.Contains(facts.Comm)) || (_exe is not null && !MatchesExe(facts)) || !MatchesUser(facts)
            || !MatchesIdentity(facts.Identity))
        {
            return null;
        }

        Dictionary<string, string>? matches = _cmdline is null ? s_noMatches : MatchCmdline(facts);
        return matches is null ? null : _name.Render(new TemplateValues
        {
            Comm = facts.Comm,
            ExeBase = facts.ExeBase,
            ExeFull = facts.ExeFull,
            Username = facts.Username,
            Pid = facts.Pid,
            StartTime = facts.StartTime,
            Cgroups = facts.Cgroups,
            Matches = matches,
        });
    }

    private bool MatchesExe(ProcessFacts facts) =>
        facts.Cmdline.Count > 0
        && (_exe!.Contains(facts.Cmdline[0]) || (!facts.ExeBase.Contains('/', StringComparison.Ordinal) && _exe.Contains(facts.ExeBase)));

    private bool MatchesUser(ProcessFacts facts)
    {
        if (Options.User is null)
        {
            return true;
        }

        string number = facts.Uid?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
        return facts.Uid is not null && Options.User.Any(glob =>
            FileSystemName.MatchesSimpleExpression(glob, facts.Username, ignoreCase: false) || glob == number);
    }

    // What is not known matches nothing, not even "*".
    private bool MatchesIdentity(ProcessIdentity identity) =>
        Options is { Unit: null, Namespace: null, Pod: null, Container: null }
        || (MatchesAny(Options.Unit, identity.Cgroup.Unit, identity.Cgroup.UserUnit)
            && MatchesAny(Options.Namespace, identity.Namespace)
            && MatchesAny(Options.Pod, identity.Pod)
            && (identity.Cgroup.PodUid is null
                ? MatchesAny(Options.Container, identity.Cgroup.ShortContainerId, identity.Cgroup.ContainerId, identity.Container)
                : MatchesAny(Options.Container, identity.Container)));

    private static bool MatchesAny(IReadOnlyList<string>? globs, params ReadOnlySpan<string?> names)
    {
        bool matches = globs is null;
        for (int i = 0; i < names.Length && !matches; i++)
        {
            string? name = names[i];
            matches = name is not null && globs!.Any(glob => FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false));
        }

        return matches;
    }

    private Dictionary<string, string>? MatchCmdline(ProcessFacts facts)
    {
        string line = string.Join(' ', facts.Cmdline);
        Dictionary<string, string> matches = [];
        foreach (GoRegex regex in _cmdline!)
        {
            if (!regex.TryMatch(line, matches, out _, out _))
            {
                return null;
            }
        }

        return matches;
    }
}
