using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace MapAgent.Tests.Procfs;

/// <summary>Calls as somebody without rights, also where the tests run as root.</summary>
internal static partial class Unprivileged
{
    private const int Nobody = 65534;

    /// <summary>Calls on a thread whose file system user is nobody: the kernel drops the capabilities that go past file modes.</summary>
    public static T Call<T>(Func<T> call)
    {
        TaskCompletionSource<T> result = new();
        Thread thread = new(() =>
        {
            try
            {
                // The answer is the user before; there is no error to see.
                _ = SetFileSystemUser(Nobody);
                result.SetResult(call());
            }
            catch (Exception error)
            {
                result.SetException(error);
            }
        });
        thread.Start();
        thread.Join();
        return result.Task.GetAwaiter().GetResult();
    }

    // Of one thread only, in glibc and musl alike.
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetFileSystemUser(int user);
}
