using System;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>The C programs of the tests, compiled once per run.</summary>
internal static class NativePrograms
{
    private static readonly Lazy<Task<string>> s_folder = new(CompileAsync);
    private static TemporaryFolder? s_compiled;

    /// <summary>The path of a program: victim, spawner, freeze, faulter or shmuser.</summary>
    public static async Task<string> PathAsync(string name) => Path.Combine(await s_folder.Value, name);

    /// <summary>Removes them, if they were compiled.</summary>
    public static void Remove() => s_compiled?.Dispose();

    private static async Task<string> CompileAsync()
    {
        TemporaryFolder folder = new();
        s_compiled = folder;
        foreach (string name in new[] { "victim", "spawner", "freeze", "faulter", "shmuser" })
        {
            string source = Path.Combine(AppContext.BaseDirectory, "Native", name + ".c");
            (int code, _, string errors) = await ChildProcess.RunAsync(
                "cc", ["-O1", "-Wall", "-Wextra", "-Werror", "-static", "-o", folder.File(name), source]);
            Assert.True(code == 0, errors);
        }

        return folder.Path;
    }
}
