using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Sampling;

namespace MapAgent.Hosting.Configuration;

/// <summary>Every key with a single value. docs/configuration.md is tested against it.</summary>
internal static class SettingTable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <summary>The keys in the order of the documentation.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Switch("children", static (c, value) => c.Children = value),
        Setting.Duration("sampling.interval", TimeSpan.FromMilliseconds(100), s_hour, static (c, value) => c.Sampling.Interval = value),
        Setting.Share("sampling.cpu_budget", static (c, value) => c.Sampling.CpuBudget = value),
        Setting.Duration("sampling.max_read", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), static (c, value) => c.Sampling.MaxRead = value),
        Setting.Duration("sampling.max_age", s_second, s_day, static (c, value) => c.Sampling.MaxAge = value),
        Setting.Duration("mappings.interval", s_second, s_day, static (c, value) => c.Mappings.Interval = value),
        Setting.Count("mappings.files", 1, 1000, static (c, value) => c.Mappings.Files = value),
        Setting.Duration("shm.interval", TimeSpan.FromMilliseconds(100), s_hour, static (c, value) => c.Shm.Interval = value),
        Setting.Count("shm.segments", 1, 1000, static (c, value) => c.Shm.Segments = value),
        Setting.Duration("shm.unreferenced_after", s_second, s_day, static (c, value) => c.Shm.UnreferencedAfter = value),
        Setting.List("shm.paths", "an absolute path without .. or a list of them, such as [/run/shm]", IsPath, static (c, values) => c.Shm.Paths = values),
        Setting.List("shm.families", "a pattern such as myapp_* or a list of them, 1 to 64 characters each", IsPattern, static (c, values) => c.Shm.Families = values),
        Setting.Count("limits.groups", 1, 100_000, static (c, value) => c.Limits.Groups = value),
        Setting.Count("limits.per_process", 0, 100_000, static (c, value) => c.Limits.PerProcess = value),
        Setting.Count("limits.label_length", 8, 4096, static (c, value) => c.Limits.LabelLength = value),
        Setting.Choice("labels.container_id", ["none", "shm", "all"], static (c, value) => c.ContainerId = (ContainerIdLabel)value),
        .. KubernetesSettings.All,
        Setting.Switch("otlp.enabled", static (c, value) => c.IsOtlpEnabled = value),
    ];

    /// <summary>The setting of a key, if there is one.</summary>
    public static Setting? Find(string key) => All.FirstOrDefault(setting => setting.Key == key);

    /// <summary>The names of sections.</summary>
    public static IEnumerable<string> Sections =>
        All.Where(static setting => setting.Key.Contains('.', StringComparison.Ordinal)).Select(static setting => setting.Key.Split('.')[0]).Distinct();

    /// <summary>The names of the keys in a section.</summary>
    public static IEnumerable<string> KeysOf(string section) =>
        All.Where(setting => setting.Key.StartsWith(section + ".", StringComparison.Ordinal)).Select(setting => setting.Key[(section.Length + 1)..]);

    /// <summary>An absolute path that stays below where it points.</summary>
    public static bool IsPath(string path) =>
        path.Length is > 1 and <= 1024 && path[0] == '/' && !path.Split('/').Contains("..") && !path.Contains('\0', StringComparison.Ordinal);

    private static bool IsPattern(string pattern) => pattern.Length is > 0 and <= 64 && !pattern.Any(char.IsControl);
}
