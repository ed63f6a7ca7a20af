using System;
using System.Runtime.InteropServices;

namespace MapAgent.Commands;

/// <summary>Stops the process as Ctrl-Z does, with the line settings of its terminal as they were: not every shell puts them back itself.</summary>
internal sealed partial class Suspension
{
    private const int StandardInput = 0;
    private const int Now = 0;
    private const int Stop = 19;

    // struct termios is 60 bytes on Linux; nobody looks into it here.
    private readonly byte[] _settings = new byte[128];
    private readonly bool _known;

    /// <summary>Remembers the line settings.</summary>
    public Suspension() => _known = Get(StandardInput, _settings) == 0;

    /// <summary>Stops; returns when the process is continued. The runtime's console then takes its own settings again.</summary>
    public void Take()
    {
        if (_known)
        {
            _ = Set(StandardInput, Now, _settings);
        }

        _ = Kill(Environment.ProcessId, Stop);
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int Get(int descriptor, Span<byte> settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int Set(int descriptor, int when, ReadOnlySpan<byte> settings);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
