using System;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MapAgent.Export;

/// <summary>Version and origin of the binary, from the attributes the build wrote.</summary>
internal static class BuildFacts
{
    private static readonly string s_full =
        typeof(BuildFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The version, such as 0.1.0.</summary>
    public static string Version => s_full.Split('+')[0];

    /// <summary>The commit it was built from; unknown outside a checkout.</summary>
    public static string Revision => s_full.Contains('+', StringComparison.Ordinal) ? s_full.Split('+')[1] : "unknown";

    /// <summary>The runtime, such as .NET 10.0.12.</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription;
}
