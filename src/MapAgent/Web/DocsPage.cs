using System.Collections.Generic;
using System.Linq;
using System.Text;
using MapAgent.Export;

namespace MapAgent.Web;

/// <summary>The page at /docs: the words, and every metric with its help, from the table that the metrics are made of.</summary>
internal static class DocsPage
{
    private static readonly (string Word, string Meaning)[] s_words =
    [
        ("PSS", "Proportional set size: resident memory, each page divided by how many processes map it. The PSS of all processes adds up to what they really hold."),
        ("USS", "Unique set size: what only this process maps, and what would be free if it ended."),
        ("RSS", "Resident set size: every resident page that is mapped. A page that ten processes share counts ten times in a sum."),
        ("Swap", "Memory that is swapped out."),
        ("Major fault", "An access that waited until a page was read from a disk. Many of them slow a program down."),
        ("Minor fault", "An access for which the page was in memory already, or was made empty."),
        ("Group", "The processes to which one rule of the configuration gives the same name; without rules, those with the same comm."),
        ("Age", "How long ago the oldest number in a sum was measured. Measuring is spread out so that it costs no more than its budget."),
        ("Measured", "Processes whose memory is in the sums. The others were refused by the kernel, wait for their turn, or are left out by a rule."),
        ("Unlinked", "Shared memory without a name that is still in use: nothing shows it but the mount's use."),
        ("Unreferenced", "A segment in /dev/shm that has a name but is mapped and opened by no process: left behind."),
        ("Peak", "The most that was in use at once since the pass before."),
    ];

    /// <summary>The document.</summary>
    public static string Render(string telemetryPath, bool showsDetails) => Html.Document("What the numbers mean - MapAgent", "", $"""
        <body>
        <header><h1><a href="./">MapAgent</a> <span>What the numbers mean</span></h1></header>
        <main>
        <section aria-labelledby="words"><h2 id="words">Words</h2><dl class="words">{string.Concat(s_words.Select(static word => $"<dt>{Html.Text(word.Word)}</dt><dd>{Html.Text(word.Meaning)}</dd>\n"))}</dl></section>
        <section aria-labelledby="metrics"><h2 id="metrics">Metrics</h2>
        <div class="table" tabindex="0" role="region" aria-label="Metrics, a table that scrolls"><table><caption class="sr">Every metric family</caption><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Labels</th><th scope="col">Meaning</th></tr></thead><tbody>
        {Rows()}</tbody></table></div></section>
        </main>
        {Html.Links(telemetryPath, showsDetails)}
        </body>
        """);

    private static string Rows()
    {
        StringBuilder rows = new();
        foreach (Family family in MetricTable.All)
        {
            IEnumerable<string> labels = family is NodeFamily or HistogramFamily ? family.Labels : ["group", .. family.Labels];
            rows.Append("<tr><th scope=\"row\" class=\"path\">").Append(Html.Text(family.Name)).Append("</th><td>").Append(family.Kind.ToString().ToLowerInvariant())
                .Append("</td><td>").Append(Html.Text(string.Join(", ", labels))).Append("</td><td>").Append(Html.Text(family.Help)).Append("</td></tr>\n");
        }

        return rows.ToString();
    }
}
