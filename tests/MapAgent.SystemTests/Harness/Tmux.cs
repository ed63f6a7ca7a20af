using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>A terminal of its own: a tmux server with one shell, ended with its test.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private int _marks;

    private string Socket => _folder.File("tmux");

    /// <summary>Starts it with a shell.</summary>
    public static async Task<Tmux> StartAsync(int width, int height, params string[] environment)
    {
        Tmux tmux = new();
        await tmux.DoAsync(["-f", "/dev/null", "new-session", "-d", "-x", $"{width}", "-y", $"{height}",
            "env", "PS1=$ ", .. environment, "bash", "--norc", "--noprofile"]);
        await Wait.UntilAsync("a prompt", s_patience, async () => (await tmux.ScreenAsync()).Any(static line => line.StartsWith('$')));
        return tmux;
    }

    /// <summary>Types text, or presses keys by tmux's names.</summary>
    public Task PressAsync(params string[] keys) => DoAsync(["send-keys", .. keys]);

    /// <summary>Gives the shell a command.</summary>
    public async Task TypeAsync(string command)
    {
        await DoAsync(["send-keys", "-l", command]);
        await PressAsync("Enter");
    }

    /// <summary>What a command of the shell prints, once it has ended.</summary>
    public async Task<string> RunAsync(string command)
    {
        string file = _folder.File($"out{++_marks}");
        await TypeAsync($"{command} >{file}.part 2>&1; mv {file}.part {file}");
        await Wait.UntilAsync(command, s_patience, () => System.IO.File.Exists(file));
        return await System.IO.File.ReadAllTextAsync(file);
    }

    /// <summary>The lines on the screen; with colours when asked for.</summary>
    public async Task<string[]> ScreenAsync(bool withColours = false) =>
        (await DoAsync(["capture-pane", "-p", .. withColours ? new[] { "-e" } : []])).Split('\n');

    /// <summary>Waits until the screen is as wanted.</summary>
    public Task<string[]> ScreenAsync(string what, Func<string[], bool> wanted) => Wait.ForAsync(what, s_patience, async () =>
    {
        string[] lines = await ScreenAsync();
        return wanted(lines) ? lines : null;
    });

    /// <summary>Makes the window another size, and waits until the terminal has it.</summary>
    public async Task ResizeAsync(int width, int height)
    {
        await DoAsync(["resize-window", "-x", $"{width}", "-y", $"{height}"]);
        string terminal = (await DoAsync(["display-message", "-p", "#{pane_tty}"])).Trim();
        await Wait.UntilAsync("the size", s_patience, async () => (await ChildProcess.RunAsync("stty", ["-F", terminal, "size"])).Output == $"{height} {width}\n");
    }

    /// <summary>Alternate screen, cursor, keypad, cursor keys, wrapping: 1 is on.</summary>
    public async Task<string> ModesAsync() =>
        (await DoAsync(["display-message", "-p", "#{alternate_on} #{cursor_flag} #{keypad_flag} #{keypad_cursor_flag} #{wrap_flag} #{mouse_any_flag}"])).Trim();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ChildProcess.RunAsync("tmux", ["-S", Socket, "kill-server"]);
        _folder.Dispose();
    }

    private async Task<string> DoAsync(IEnumerable<string> arguments)
    {
        (int code, string output, string errors) = await ChildProcess.RunAsync("tmux", ["-S", Socket, .. arguments], new Dictionary<string, string> { ["LANG"] = "C.UTF-8" });
        Assert.True(code == 0, errors);
        return output;
    }
}
