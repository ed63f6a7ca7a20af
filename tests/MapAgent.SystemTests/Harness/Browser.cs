using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>Debian's Chromium without a window. What it logs, and whom it asks, is kept.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Starts it.</summary>
    public static async Task<Browser> StartAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            Timeout = 60_000,
        });
        return new Browser(playwright, browser);
    }

    /// <summary>Opens a page of the agent.</summary>
    /// <param name="agent">Whose.</param>
    /// <param name="width">Pixels; 390 is a phone, and shown as one.</param>
    /// <param name="isDark">The theme that the reader prefers.</param>
    /// <param name="hasScripts">False for a reader who lets no script run.</param>
    public async Task<Tab> OpenAsync(Agent agent, int width = 1280, bool isDark = false, bool hasScripts = true)
    {
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = width < 500 ? 844 : 900 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = hasScripts,
            DeviceScaleFactor = 1,
        });
        context.SetDefaultTimeout(60_000);
        IPage page = await context.NewPageAsync();
        Tab tab = new(page, agent);
        await page.GotoAsync(agent.Url("/").ToString());
        if (hasScripts)
        {
            await page.Locator("html[data-snapshot]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        }

        return tab;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>One page in the browser.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly Agent _agent;

    public Tab(IPage page, Agent agent)
    {
        Page = page;
        _agent = agent;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Dialog += (_, dialog) => _complaints.Enqueue("dialog " + dialog.Message);
        page.Request += (_, request) => _requests.Enqueue(request.Url);
    }

    /// <summary>Playwright's page.</summary>
    public IPage Page { get; }

    /// <summary>All that was asked for so far.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Fails when something was logged, a dialog came up, or another host was asked.</summary>
    public void AssertQuiet()
    {
        Assert.Empty(_complaints);
        Assert.NotEmpty(_requests);
        Assert.All(_requests, url => Assert.StartsWith(_agent.Url("/").ToString(), url, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
