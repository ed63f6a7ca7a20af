using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Deque.AxeCore.Playwright;
using MapAgent.SystemTests.Harness;
using Microsoft.Playwright;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>The live page in a real browser, on what the native binary measures.</summary>
public sealed class PageTests(PageTests.Watched watched) : IClassFixture<PageTests.Watched>
{
    private const string Hostile = "<img src=x onerror=document.title='pwned'>\u202e";
    private readonly string _comm = watched.Comm;
    private readonly Agent _agent = watched.Agent;
    private readonly Browser _browser = watched.Browser;
    private readonly Victim _victim = watched.Victim;
    private readonly Victim _hostile = watched.Hostile;

    /// <summary>An agent, a browser, a process like any other, and one whose names are markup: the same for all tests.</summary>
    public sealed class Watched : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal string Comm { get; } = Victim.UniqueComm();

        internal Agent Agent { get; private set; } = null!;

        internal Browser Browser { get; private set; } = null!;

        internal Victim Victim { get; private set; } = null!;

        internal Victim Hostile { get; private set; } = null!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            // Tabs, as blanks would end the victim's command.
            string file = _folder.File(PageTests.Hostile.Replace(' ', '\t'));
            Victim = await Victim.StartAsync(Comm, "private 20480");
            Hostile = await Victim.StartAsync("<img src=x>", "private 10240", $"file {file} 1024");
            Agent = await Agent.StartAsync(configuration: $$$"""
                process_names:
                  - name: "{{{PageTests.Hostile.Replace("\u202e", "\\u202e", StringComparison.Ordinal)}}}"
                    comm: ["<img src=x>"]
                    mappings: true
                  - name: "{{.Comm}}"
                    comm: ["{{{Comm}}}"]
                sampling: {interval: 1s, cpu_budget: 5%}
                mappings: {interval: 2s}
                """);
            Browser = await Browser.StartAsync();
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            await Browser.DisposeAsync();
            await Agent.DisposeAsync();
            await Victim.DisposeAsync();
            await Hostile.DisposeAsync();
            _folder.Dispose();
        }
    }

    [Fact]
    public async Task It_shows_what_the_metrics_and_the_json_say_and_goes_on_by_itself()
    {
        await using Tab tab = await _browser.OpenAsync(_agent);
        ILocator row = tab.Page.Locator("#groups tbody tr", new PageLocatorOptions { HasText = _comm });
        string shown = "";
        Exposition metrics = null!;
        // The page and the scrape must be of one pass.
        await Wait.UntilAsync("a scrape and a page of one pass", TimeSpan.FromSeconds(60), async () =>
        {
            metrics = await _agent.ScrapeAsync();
            shown = await tab.Page.Locator("html").GetAttributeAsync("data-snapshot") ?? "";
            return metrics.Value("mapagent_snapshot_timestamp_seconds")!.Value.ToString(CultureInfo.InvariantCulture) == shown
                && await ValueAsync(row, 2) == metrics.Value("mapagent_process_pss_bytes", ("group", _comm));
        });
        Assert.Equal(metrics.Value("mapagent_process_uss_bytes", ("group", _comm)), await ValueAsync(row, 3));
        Assert.Equal(metrics.Value("mapagent_process_rss_bytes", ("group", _comm)), await ValueAsync(row, 4));
        Assert.Equal("1/1", await row.Locator("td").Nth(0).TextContentAsync());
        double sum = metrics.Sum("mapagent_process_pss_bytes");
        Assert.Equal(sum.ToString(CultureInfo.InvariantCulture), await tab.Page.Locator(".memory").GetAttributeAsync("data-sum"));
        using JsonDocument json = JsonDocument.Parse(await _agent.GetAsync("/api/v1/snapshot"));
        Assert.Equal(json.RootElement.GetProperty("shm").GetProperty("mounts").GetArrayLength(), await tab.Page.Locator("#shm [data-mount]").CountAsync());

        await _victim.DoAsync("private 30720");
        await Wait.UntilAsync("the larger size", TimeSpan.FromSeconds(60), async () => await ValueAsync(row, 2) > 50_000_000);
        // A rate and its history take two passes.
        await Wait.UntilAsync("a rate", TimeSpan.FromSeconds(60), async () => await row.Locator("td.faults .num").GetAttributeAsync("data-value") is not null);
        tab.AssertQuiet();
    }

    [Fact]
    public async Task A_click_opens_a_group_and_then_a_process_and_the_way_back_is_kept()
    {
        await using Tab tab = await _browser.OpenAsync(_agent);
        IPage page = tab.Page;
        await page.Locator("#groups a", new PageLocatorOptions { HasText = "onerror" }).ClickAsync();
        Assert.Contains("<img src=x onerror=", await page.Locator("#detail-title").TextContentAsync(), StringComparison.Ordinal);
        ILocator member = page.Locator("#detail tbody tr", new PageLocatorOptions { HasText = $"[{_hostile.Pid}]" });
        Assert.InRange((await ValueAsync(member, 1)).GetValueOrDefault(), 10_000_000, 20_000_000);
        await page.GetByText("What is mapped, by kind").WaitForAsync();
        await member.Locator("a").ClickAsync();
        await ReadAsync(page, "By kind");
        Assert.Equal($"<img src=x> [{_hostile.Pid}]", await page.Locator("#detail-title").TextContentAsync());
        ILocator kinds = page.Locator("#detail section", new PageLocatorOptions { HasText = "By kind" }).Locator("tbody tr");
        Assert.InRange((await ValueAsync(kinds.Filter(new LocatorFilterOptions { HasText = "anon private" }), 1)).GetValueOrDefault(), 10_000_000, 20_000_000);
        Assert.Equal(1, await page.Locator("#detail th.path", new PageLocatorOptions { HasText = "onerror=" }).CountAsync());
        await page.GoBackAsync();
        await member.WaitForAsync();
        await page.Locator(".trail a").First.ClickAsync();
        await page.Locator("#groups tbody").WaitForAsync();
        Assert.True(await page.Locator("#detail").IsHiddenAsync());

        await page.GotoAsync(_agent.Url("/").ToString() + "#process?pid=2147483600");
        await page.GetByText("there is no process 2147483600").WaitForAsync();
    }

    [Fact]
    public async Task A_name_that_is_markup_stays_a_name()
    {
        await using Tab tab = await _browser.OpenAsync(_agent);
        IPage page = tab.Page;
        string group = (await page.Locator("#groups a", new PageLocatorOptions { HasText = "onerror" }).TextContentAsync())!;
        // The mark that would turn the line around is replaced; all else is there.
        Assert.Equal(Hostile.Replace('\u202e', '\ufffd'), group);
        await page.Locator("#groups a", new PageLocatorOptions { HasText = "onerror" }).ClickAsync();
        await page.Locator("#detail tbody a").First.ClickAsync();
        await ReadAsync(page, "By file");
        Assert.Equal(0, await page.Locator("img").CountAsync());
        Assert.StartsWith("process ", await page.TitleAsync(), StringComparison.Ordinal);
        tab.AssertQuiet();
    }

    // On a busy machine the passes may have left nothing of the budget, and the page says so and offers another try.
    private static Task ReadAsync(IPage page, string heading) => Wait.UntilAsync(heading, TimeSpan.FromSeconds(60), async () =>
    {
        if (await page.Locator("#detail h3", new PageLocatorOptions { HasText = heading }).CountAsync() > 0)
        {
            return true;
        }

        // The button and not the text, which the answer has too: it may come between the two looks.
        ILocator again = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Read again" });
        if (await again.CountAsync() > 0)
        {
            await again.ClickAsync();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        return false;
    });

    [Fact]
    public async Task It_is_read_by_keyboard()
    {
        await using Tab tab = await _browser.OpenAsync(_agent);
        IPage page = tab.Page;
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the groups", await FocusedAsync(page));
        await page.Keyboard.PressAsync("Enter");
        ILocator rss = page.Locator("#groups thead th", new PageLocatorOptions { HasText = "RSS" });
        await TabToAsync(page, "RSS");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("descending", await rss.GetAttributeAsync("aria-sort"));
        await page.Keyboard.PressAsync("Space");
        Assert.Equal("ascending", await rss.GetAttributeAsync("aria-sort"));
        await TabToAsync(page, _comm);
        // An update under the reader's hands takes the focus from nobody.
        string before = (await page.Locator("html").GetAttributeAsync("data-snapshot"))!;
        await Wait.UntilAsync("an update", TimeSpan.FromSeconds(60), async () => await page.Locator("html").GetAttributeAsync("data-snapshot") != before);
        Assert.Equal(_comm, await FocusedAsync(page));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#detail tbody tr").First.WaitForAsync();
        Assert.Equal(_comm, await FocusedAsync(page));
        await page.GoBackAsync();
        Assert.Equal(_comm, await FocusedAsync(page));
        tab.AssertQuiet();
    }

    [Fact]
    public async Task Nobody_is_asked_while_nobody_looks()
    {
        await using Tab tab = await _browser.OpenAsync(_agent);
        await tab.Page.Locator("#pause").ClickAsync();
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        int asked = tab.Requests.Count;
        await Task.Delay(2500, TestContext.Current.CancellationToken);
        Assert.Equal(asked, tab.Requests.Count);
        await tab.Page.Locator("#pause").ClickAsync();
        await Wait.UntilAsync("requests again", TimeSpan.FromSeconds(30), () => tab.Requests.Count > asked);
    }

    [Fact]
    public async Task When_the_agent_is_gone_the_numbers_are_called_old()
    {
        await using Agent agent = await Agent.StartAsync();
        await using Tab tab = await _browser.OpenAsync(agent);
        await agent.StopAsync();
        await tab.Page.Locator("[role=alert]", new PageLocatorOptions { HasText = "The numbers are old." }).WaitForAsync();
    }

    [Fact]
    public async Task Without_scripts_the_newest_snapshot_is_there()
    {
        await using Tab tab = await _browser.OpenAsync(_agent, hasScripts: false);
        Assert.Contains(_comm, await tab.Page.Locator("#groups").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("Groups hold", await tab.Page.Locator("#memory").TextContentAsync(), StringComparison.Ordinal);
        tab.AssertQuiet();
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    [InlineData(390, true)]
    public async Task Axe_finds_nothing_and_nothing_is_cut_off(int width, bool isDark)
    {
        await using Tab tab = await _browser.OpenAsync(_agent, width, isDark);
        await AssertGoodAsync(tab.Page, "node");
        await tab.Page.GotoAsync(_agent.Url("/docs").ToString());
        await AssertGoodAsync(tab.Page, "docs");
        await tab.Page.GotoAsync(_agent.Url("/").ToString());
        await tab.Page.Locator("#groups a", new PageLocatorOptions { HasText = "onerror" }).ClickAsync();
        await tab.Page.Locator("#detail tbody a").First.WaitForAsync();
        await AssertGoodAsync(tab.Page, "group");
        await tab.Page.Locator("#detail tbody a").First.ClickAsync();
        await tab.Page.Locator("#detail h3", new PageLocatorOptions { HasText = "By file" }).WaitForAsync();
        await AssertGoodAsync(tab.Page, "process");
    }

    private static async Task AssertGoodAsync(IPage page, string view)
    {
        Deque.AxeCore.Commons.AxeResult result = await page.RunAxe();
        Assert.NotEmpty(result.Passes);
        Assert.True(result.Violations.Length == 0, view + ": " + string.Join("\n", result.Violations.Select(static violation =>
            $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(static node => node.Html).Take(3))}")));
        int tooWide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(tooWide <= 0, $"{view} is {tooWide} pixels too wide");
    }

    private static async Task<double?> ValueAsync(ILocator row, int column) =>
        double.TryParse(await row.Locator("> *").Nth(column).GetAttributeAsync("data-value"), CultureInfo.InvariantCulture, out double value) ? value : null;

    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.textContent");

    private static async Task TabToAsync(IPage page, string text)
    {
        for (int i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await FocusedAsync(page) == text)
            {
                return;
            }
        }

        Assert.Fail($"{text} cannot be reached");
    }
}
