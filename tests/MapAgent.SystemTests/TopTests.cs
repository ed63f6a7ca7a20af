using System;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary><c>mapagent top</c>, and tables in colour, in a real terminal.</summary>
public sealed class TopTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string _command = "";
    private Tmux _tmux = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string configuration = _folder.Write("mapagent.yaml", $$$"""
            process_names: [{name: "{{.Comm}}", cmdline: ['^{{{await NativePrograms.PathAsync("victim")}}}$']}]
            children: false
            """);
        _command = $"{Agent.Binary} top --interval=500ms --config.file={configuration}";
        _tmux = await Tmux.StartAsync(100, 20);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _tmux.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Groups_are_shown_sorted_and_fitted_and_the_terminal_is_left_as_it_was()
    {
        await using Victim large = await Victim.StartAsync("large", "private 30720");
        await using Victim small = await Victim.StartAsync("small", "private 5120");
        await using Victim hostile = await Victim.StartAsync("\u001b[2J\u202e\u6f22", "private 10240");
        string before = await _tmux.RunAsync("stty -a");
        string modes = await _tmux.ModesAsync();

        await _tmux.TypeAsync("clear; " + _command);
        string[] screen = await _tmux.ScreenAsync("three groups", static lines => Rows(lines).Length == 3);
        Assert.StartsWith("mapagent top", screen[0], StringComparison.Ordinal);
        Assert.Equal(["large", "?[2J?\u6f22", "small"], Names(screen));
        Assert.Matches(@"^large +1 +30\.\d MiB +30\.\d MiB +3\d\.\d MiB +0 B ", Rows(screen)[0]);
        Assert.StartsWith("1 0 ", await _tmux.ModesAsync(), StringComparison.Ordinal);
        Assert.StartsWith("q quit", screen[19], StringComparison.Ordinal);

        await _tmux.PressAsync("p");
        await _tmux.ScreenAsync("the other order", static lines => Rows(lines) is { Length: 3 } rows && rows[0].StartsWith("small", StringComparison.Ordinal));
        await _tmux.PressAsync("g");
        await _tmux.ScreenAsync("the order of names", static lines => Names(lines).SequenceEqual(["?[2J?\u6f22", "large", "small"]));
        await large.DoAsync("private 40960");
        await _tmux.ScreenAsync("the next pass", static lines => Rows(lines).Any(static row => row.Contains("70.", StringComparison.Ordinal)));

        await _tmux.ResizeAsync(50, 10);
        await _tmux.ScreenAsync("a small window", static lines => lines.Length >= 10 && lines[9].StartsWith("q quit", StringComparison.Ordinal)
            && !lines.Any(static line => line.Contains("SWAP", StringComparison.Ordinal)) && Rows(lines).Length == 3);
        await _tmux.ResizeAsync(120, 30);
        await _tmux.ScreenAsync("a large window", static lines => lines.Length >= 30 && lines[29].StartsWith("q quit", StringComparison.Ordinal)
            && lines.Any(static line => line.Contains("AGE", StringComparison.Ordinal)));

        await _tmux.PressAsync("q");
        await _tmux.ScreenAsync("the prompt", static lines => lines.Any(static line => line.StartsWith('$')) && !lines.Any(static line => line.StartsWith("mapagent top", StringComparison.Ordinal)));
        await _tmux.ResizeAsync(100, 20);
        Assert.Equal("0\n", await _tmux.RunAsync("echo $?"));
        Assert.Equal(before, await _tmux.RunAsync("stty -a"));
        Assert.Equal(modes, await _tmux.ModesAsync());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_signal_ends_it_and_the_terminal_is_left_as_it_was(string signal)
    {
        string before = await _tmux.RunAsync("stty -a");
        string modes = await _tmux.ModesAsync();
        string pid = _folder.File("pid");
        await _tmux.TypeAsync($"sh -c 'echo $$ >{pid}; exec {_command}'; echo ended $?");
        await _tmux.ScreenAsync("the table", static lines => lines[0].StartsWith("mapagent top", StringComparison.Ordinal));
        string target = await System.IO.File.ReadAllTextAsync(pid, TestContext.Current.CancellationToken);
        await ChildProcess.RunAsync("kill", ["-" + signal, target.Trim()]);
        await _tmux.ScreenAsync("its end", static lines => lines.Any(static line => line.StartsWith("ended 0", StringComparison.Ordinal)));
        Assert.Equal(before, await _tmux.RunAsync("stty -a"));
        Assert.Equal(modes, await _tmux.ModesAsync());
    }

    [Fact]
    public async Task Stopped_it_gives_the_screen_back_and_continued_it_goes_on()
    {
        string modes = await _tmux.ModesAsync();
        await _tmux.TypeAsync(_command);
        await _tmux.ScreenAsync("the table", static lines => lines[0].StartsWith("mapagent top", StringComparison.Ordinal));
        await _tmux.PressAsync("C-z");
        await _tmux.ScreenAsync("the prompt", static lines => lines.Any(static line => line.Contains("Stopped", StringComparison.Ordinal)));
        Assert.Equal(modes, await _tmux.ModesAsync());
        Assert.Contains(" icanon", await _tmux.RunAsync("stty -a"), StringComparison.Ordinal);
        await _tmux.TypeAsync("fg");
        await _tmux.ScreenAsync("the table again", static lines => lines[0].StartsWith("mapagent top", StringComparison.Ordinal));
        await _tmux.PressAsync("q");
        await _tmux.ScreenAsync("the prompt", static lines => !lines[0].StartsWith("mapagent top", StringComparison.Ordinal));
        Assert.Equal(modes, await _tmux.ModesAsync());
    }

    [Fact]
    public async Task What_is_no_terminal_is_refused()
    {
        (int code, string output, string errors) = await Agent.RunAsync("top");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("top needs a terminal", Assert.Single(errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.Contains("TERM names none", await _tmux.RunAsync($"TERM=dumb script -qec '{_command}' /dev/null </dev/tty"), StringComparison.Ordinal);
        Assert.Contains("--interval", await _tmux.RunAsync($"{_command} --interval=soon"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_are_coloured_on_a_terminal_unless_its_user_says_no()
    {
        string once = $"{Agent.Binary} once --format=table --path.procfs={Repository.Fixture("proc")} 2>/dev/null";
        Assert.Contains("\u001b[1mGROUP", await AsSeenAsync("env -u NO_COLOR " + once), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", await AsSeenAsync("NO_COLOR=1 " + once), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", await AsSeenAsync("TERM=dumb " + once), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", await _tmux.RunAsync(once), StringComparison.Ordinal);
    }

    // script(1) is a terminal that keeps what is written to it.
    private async Task<string> AsSeenAsync(string command)
    {
        string file = _folder.File("typescript");
        await _tmux.RunAsync($"script -qec {Quote(command)} {file} </dev/tty");
        string text = await System.IO.File.ReadAllTextAsync(file);
        Assert.Contains("GROUP", text, StringComparison.Ordinal);
        int head = text.IndexOf('\n', StringComparison.Ordinal);
        return text[(head + 1)..text.LastIndexOf("Script done", StringComparison.Ordinal)];
    }

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static string[] Rows(string[] lines)
    {
        int head = Array.FindIndex(lines, static line => line.StartsWith("GROUP", StringComparison.Ordinal));
        return head < 0 ? [] : [.. lines.Skip(head + 1).TakeWhile(static line => line.Length > 0 && !line.StartsWith("q quit", StringComparison.Ordinal))];
    }

    private static string[] Names(string[] lines) => [.. Rows(lines).Select(static row => row.Split(' ')[0])];
}
