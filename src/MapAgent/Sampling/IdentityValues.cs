using MapAgent.Identity;

namespace MapAgent.Sampling;

/// <summary>What a snapshot tells about the names of pods and containers.</summary>
/// <param name="Lookups">Counts of the lookups; null while none is asked for.</param>
/// <param name="UnnamedPods">Pods with processes whose names are not known; null while no names are asked for.</param>
/// <param name="Pods">Pods with processes.</param>
/// <param name="Containers">Containers with processes, those without a pod included.</param>
/// <param name="UnknownForms">Distinct cgroups of no known form since the start.</param>
internal sealed record IdentityValues(LookupLedger? Lookups, int? UnnamedPods, int Pods, int Containers, long UnknownForms)
{
    /// <summary>Nothing was looked at.</summary>
    public static readonly IdentityValues None = new(null, null, 0, 0, 0);
}
