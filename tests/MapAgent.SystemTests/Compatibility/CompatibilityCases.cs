using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace MapAgent.SystemTests.Compatibility;

/// <summary>The table: what people write into process-exporter's files, and some of what they should not.</summary>
internal static class CompatibilityCases
{
    private static readonly Target s_a = new("mtA");
    private static readonly Target s_b = new("mtB");
    private static readonly Target s_server = new("mtServer", "--port=8080", "--mode", "fast");
    private static readonly Target s_family = new("mtParent") { Commands = ["child", "child " + Hex("mtChild")] };

    /// <summary>All cases by name.</summary>
    public static IReadOnlyDictionary<string, CompatibilityCase> All { get; } = Selectors().Concat(Templates()).Concat(Families()).Concat(Odd())
        .ToDictionary(static entry => entry.Name);

    private static IEnumerable<CompatibilityCase> Selectors() =>
    [
        new("comm", "{comm: [mtA]}", s_a, s_b),
        new("comm, any of several", "{name: both, comm: [mtA, mtB, mtC]}", s_a, s_b),
        new("comm is cut at fifteen bytes",
            "{name: cut, comm: [mtAVeryLongName]}, {name: whole, comm: [mtAVeryLongNameIndeed]}",
            new Target("mtAVeryLongNameIndeed")),
        new("comm that was changed",
            "{name: old, comm: [mtA]}, {name: new, comm: [mtNew]}",
            s_a with { Commands = ["comm " + Hex("mtNew")] }),
        new("exe without a slash", "{exe: [mtA, mtC]}", s_a, s_b),
        new("exe with a slash", "{exe: [FOLDER/mtA]}, {name: not, exe: [/usr/bin/mtB]}", s_a, s_b),
        new("exe of a relative first argument",
            "{name: relative, exe: [mtA]}, {name: dotted, exe: [./mtB]}",
            s_a with { Argv0 = "./mtA" }, s_b with { Argv0 = "./mtB" }),
        new("exe is the first argument and not the file",
            "{name: file, exe: [mtA]}, {name: argument, exe: [mtTitle]}",
            s_a with { Argv0 = "mtTitle" }),
        new("comm and exe must both match", "{name: both, comm: [mtA], exe: [mtA]}, {name: comm, comm: [mtB], exe: [mtA]}", s_a, s_b),
        new("cmdline", "{name: fast, cmdline: ['mtServer.*--mode fast']}", s_server, s_a),
        new("cmdline, all of several",
            "{name: all, cmdline: [mtServer, port=80, fast]}, {name: some, cmdline: [mtServer, slow]}",
            s_server, new Target("mtServer", "fast")),
        new("cmdline with anchors",
            "{name: anchored, cmdline: ['^\\S*mtServer --port=8080 --mode fast$']}",
            s_server, new Target("mtServer", "--port=8080", "--mode", "faster")),
        new("cmdline in Go's syntax",
            "{name: go, cmdline: ['(?i)MTSERVER', '[[:digit:]]{4}\\b', '\\Q--mode\\E (?:slow|fast)\\z']}",
            s_server),
        new("cmdline over empty and blank arguments", "{name: blanks, cmdline: ['mtA  x  y z$']}", new Target("mtA", "", "x", " y z", "")),
        new("cmdline over lines", "{name: dot, cmdline: ['mtA a.b']}, {name: lines, cmdline: ['(?s)mtA a.b']}", new Target("mtA", "a\nb")),
        new("cmdline over umlauts", "{name: 'n {{.Matches.W}}', cmdline: ['mtA (?P<W>\\pL+)$']}", new Target("mtA", "gr\u00fc\u00dfe")),
        new("the first rule wins", "{name: first, cmdline: [mtServer]}, {name: second, comm: [mtServer]}", s_server),
        new("a group of two rules", "{name: same, comm: [mtA]}, {name: same, comm: [mtB]}", s_a, s_b),
        new("what no rule names is absent", "{comm: [mtNobody]}", s_a, s_b),
    ];

    private static IEnumerable<CompatibilityCase> Templates() =>
    [
        new("no name means the base of exe", "{comm: [mtA]}", s_a with { Argv0 = "/opt/x y/mtQ" }),
        new("a fixed name with blanks", "{name: 'my  favourite process ', comm: [mtA]}", s_a),
        new("Comm", "{name: 'c:{{.Comm}}', cmdline: [mtA]}", s_a with { Commands = ["comm " + Hex("mt (x) y")] }),
        new("ExeBase", "{name: '{{.ExeBase}}', comm: [mtA, mtB]}", s_a with { Argv0 = "/a/b/mtC" }, s_b with { Argv0 = "mtD" }),
        new("ExeFull", "{name: '{{.ExeFull}}', comm: [mtA]}", s_a with { Argv0 = "/a/b/mtC" }),
        new("Username", "{name: '{{.Username}}:{{.Comm}}', comm: [mtA]}", s_a, s_a with { Unprivileged = true }),
        new("PID", "{name: '{{.PID}} {{.Comm}}', comm: [mtA]}", s_a, s_a),
        new("StartTime", "{name: 'at {{.StartTime}}', comm: [mtA]}", s_a, s_a, s_a, s_a, s_a, s_a, s_a, s_a),
        new("Cgroups", "{name: 'in {{.Cgroups}}', comm: [mtA]}", s_a),
        new("Matches",
            "{name: '{{.ExeBase}}:{{.Matches.Port}}/{{.Matches.Mode}}', cmdline: ['mtServer --port=(?P<Port>\\d+)', '--mode (?P<Mode>\\S+)']}",
            s_server),
        new("a capture that took no part", "{name: 'x[{{.Matches.A}}]', cmdline: ['mtServer(?P<A>never)?']}", s_server),
        new("a capture that does not exist", "{name: 'x[{{.Matches.B}}]', cmdline: ['mtServer (?P<A>\\S+)']}", s_server),
        new("a capture in two expressions",
            "{name: 'x[{{.Matches.A}}]', cmdline: ['mtServer (?P<A>\\S+)', '--mode (?P<A>\\S+)']}",
            s_server),
        new("Matches without cmdline", "{name: 'x[{{.Matches.A}}]', comm: [mtA]}", s_a),
        new("quotes in a name",
            "{name: '{{.Matches.A}} \"q\" \\', cmdline: ['mtA (?P<A>.*)']}",
            new Target("mtA", "say \"hi\" \\n", "it's")),
        new("trimmed blanks and text in braces", "{name: 'a  {{- .Comm -}}  b {{\"lit\"}} }}', comm: [mtA]}", s_a),
        new("one group for each value",
            "{name: '{{.Matches.N}}', cmdline: ['mtA -n (?P<N>\\w+)']}",
            new Target("mtA", "-n", "one"), new Target("mtA", "-n", "two"), new Target("mtA", "-n", "two")),
    ];

    private static IEnumerable<CompatibilityCase> Families() =>
    [
        new("children join", "{comm: [mtParent]}", s_family),
        new("children do not join", "{comm: [mtParent]}", s_family) { Children = false },
        new("a child of its own rule", "{comm: [mtParent]}, {name: kid, comm: [mtChild]}", s_family),
        new("a child of an earlier rule", "{name: kid, comm: [mtChild]}, {comm: [mtParent]}", s_family),
        new("a parent that is not named", "{name: kid, comm: [mtChild]}", s_family),
        new("a zombie",
            "{name: 'z {{.Comm}} {{.ExeBase}} {{.ExeFull}}', comm: [mtZombie]}",
            s_a with { Commands = ["zombie " + Hex("mtZombie")] }),
        new("a zombie joins its parent", "{comm: [mtA]}", s_a with { Commands = ["zombie " + Hex("mtZombie")] }),
    ];

    private static IEnumerable<CompatibilityCase> Odd() =>
    [
        new("a title like nginx's",
            "{name: '{{.ExeBase}}|{{.ExeFull}}', cmdline: ['^mtNginx: master']}",
            s_a with { Argv0 = "mtNginx: master process /usr/sbin/nginx" }),
        new("exe of a title",
            "{name: title, exe: [mtNginx]}, {name: last, exe: [nginx]}",
            s_a with { Argv0 = "mtNginx: master process /usr/sbin/nginx" }),
        new("a title like sshd's", "{comm: [mtSshd]}", new Target("mtSshd") { Argv0 = "mtSshd: user@pts/0" }),
        new("a first argument that ends with a slash",
            "{name: '{{.ExeBase}}|{{.ExeFull}}', comm: [mtA]}",
            s_a with { Argv0 = "/opt/mtX/" }),
        new("a first argument that is a slash", "{name: '{{.ExeBase}}|{{.ExeFull}}', comm: [mtA]}", s_a with { Argv0 = "//" }),
        new("an empty first argument", "{name: '[{{.ExeBase}}|{{.ExeFull}}]', comm: [mtA]}", s_a with { Argv0 = "" }),
        new("a login shell's dash", "{exe: ['-mtA']}", s_a with { Argv0 = "-mtA" }),
        new("a comm with a bracket, a quote and a newline",
            "{name: 'n {{.Comm}}', cmdline: ['/mtA$']}",
            s_a with { Commands = ["comm " + Hex("a) (\n\"\\")] }),
    ];

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}
