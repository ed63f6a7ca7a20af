using System;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Tests.Export;
using MapAgent.Web;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace MapAgent.Tests.Web;

/// <summary>The page as it is before any script has run.</summary>
public sealed class LivePageTests
{
    private const string Hostile = "<img src=x>&\"'";

    [Fact]
    public void Names_from_processes_are_text()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42, new StatLine { Comm = Hostile });
        using Page page = new(tree);
        string html = LivePage.Render("/metrics", page.Measure(), showsDetails: true);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x&gt;&amp;&quot;&#x27;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_script_it_tells_the_state_and_the_largest_groups()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42, new StatLine { Comm = "db" }).With(43, "stat", new StatLine { Pid = 43, Comm = "bare" }.ToBytes());
        using Page page = new(tree);
        string html = LivePage.Render("/metrics", page.Measure(), showsDetails: true);
        Assert.Contains("2 processes in 2 groups", html, StringComparison.Ordinal);
        Assert.Contains("Groups hold 700 KiB (PSS) of ", html, StringComparison.Ordinal);
        Assert.Matches("""<th scope="row" class="name">db</th><td class="num">1/1</td><td class="num">700 KiB</td>""", html);
        Assert.Matches("""<th scope="row" class="name">bare</th><td class="num">0/1</td><td class="num">unknown</td>""", html);
    }

    [Fact]
    public void Before_the_first_snapshot_it_says_so() =>
        Assert.Contains("The first pass is running.", LivePage.Render("/metrics", null, showsDetails: true), StringComparison.Ordinal);

    [Fact]
    public void With_details_off_nothing_but_links_is_left()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42, new StatLine { Comm = "secret" });
        using Page page = new(tree);
        string html = LivePage.Render("/numbers", page.Measure(), showsDetails: false);
        Assert.DoesNotContain("secret", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("api/", html, StringComparison.Ordinal);
        Assert.Contains("href=\"numbers\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"-/ready\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_policy_lets_nothing_in_from_elsewhere_and_nothing_inline()
    {
        DefaultHttpContext context = new();
        using MemoryStream body = new();
        context.Response.Body = body;
        await Answer.HtmlAsync(context, LivePage.Render("/metrics", null, showsDetails: true));
        string policy = context.Response.Headers.ContentSecurityPolicy.ToString();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("http|data:|\\*", policy);
        string html = Encoding.UTF8.GetString(body.ToArray());
        Assert.DoesNotMatch("<style| style=| on[a-z]+=|javascript:", html);
        Assert.Empty(Regex.Matches(html, "<script(?! type=\"module\" src=\"page/main.js\"></script>)"));
    }

    [Fact]
    public void The_words_and_every_metric_are_explained()
    {
        string html = DocsPage.Render("/metrics", showsDetails: true);
        Assert.All(MetricTable.All, family => Assert.Contains($">{family.Name}</th>", html, StringComparison.Ordinal));
        Assert.Contains("<dt>PSS</dt>", html, StringComparison.Ordinal);
    }
}
