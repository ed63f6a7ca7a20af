using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>Waits for something that another process brings about.</summary>
internal static class Wait
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Asks again until the answer is not null.</summary>
    public static async Task<T> ForAsync<T>(string what, TimeSpan patience, Func<Task<T?>> ask)
        where T : class
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < patience, $"waited {patience.TotalSeconds} s for {what}");
            await Task.Delay(s_pause);
        }
    }

    /// <summary>Asks again until the answer is yes.</summary>
    public static async Task UntilAsync(string what, TimeSpan patience, Func<Task<bool>> ask) =>
        await ForAsync(what, patience, async () => await ask() ? "yes" : null);

    /// <inheritdoc cref="UntilAsync(string, TimeSpan, Func{Task{bool}})"/>
    public static Task UntilAsync(string what, TimeSpan patience, Func<bool> ask) => UntilAsync(what, patience, () => Task.FromResult(ask()));
}
