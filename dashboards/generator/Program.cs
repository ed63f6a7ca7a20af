using System;
using System.IO;

namespace MapAgent.Dashboards;

/// <summary>Writes the dashboards: <c>dotnet run --project dashboards/generator [FOLDER]</c>, into dashboards/ when no folder is named.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        string folder = arguments.Length > 0 ? arguments[0] : "dashboards";
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"there is no folder {folder}; run this in the root of the repository, or name a folder");
            return 1;
        }

        foreach (Dashboard dashboard in Catalog.All)
        {
            File.WriteAllText(Path.Combine(folder, dashboard.FileName), dashboard.ToJson());
        }

        return 0;
    }
}
