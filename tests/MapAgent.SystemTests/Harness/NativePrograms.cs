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

    /// <summary>The path of a program: victim, spawner, freeze, faulter, shmuser or anatomy.</summary>
    public static async Task<string> PathAsync(string name) => Path.Combine(await s_folder.Value, name);

    /// <summary>The path of a program of 32 bits that needs no library; null where the compiler makes none, as on other processors.</summary>
    public static async Task<string?> Path32Async(string name)
    {
        string program = Path.Combine(await s_folder.Value, name);
        (int code, _, _) = await ChildProcess.RunAsync(
            "cc", ["-m32", "-O1", "-nostdlib", "-static", "-no-pie", "-fno-pie", "-fno-stack-protector", "-fomit-frame-pointer", "-o", program, Source(name)]);
        return code == 0 ? program : null;
    }

    /// <summary>Removes them, if they were compiled.</summary>
    public static void Remove() => s_compiled?.Dispose();

    private static async Task<string> CompileAsync()
    {
        TemporaryFolder folder = new();
        s_compiled = folder;
        foreach (string name in new[] { "victim", "spawner", "freeze", "faulter", "shmuser", "anatomy" })
        {
            (int code, _, string errors) = await ChildProcess.RunAsync(
                "cc", ["-O1", "-Wall", "-Wextra", "-Werror", "-static", "-o", folder.File(name), Source(name)]);
            Assert.True(code == 0, errors);
        }

        return folder.Path;
    }

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "Native", name + ".c");
}
