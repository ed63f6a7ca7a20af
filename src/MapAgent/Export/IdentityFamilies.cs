using System.Collections.Generic;
using System.Linq;
using MapAgent.Identity;

namespace MapAgent.Export;

/// <summary>The families about names of pods and containers.</summary>
internal static class IdentityFamilies
{
    /// <summary>The rows, in the order of the exposition.</summary>
    public static NodeFamily[] All { get; } =
    [
        new("mapagent.identity.lookups", "", InstrumentKind.Counter, "Lookups of names of pods and containers by how they ended; no series while no names are asked for.",
            static view => Counts(view.Snapshot.Identity.Lookups)) { Labels = ["source", "outcome"], IsOccasional = true },
        new("mapagent.identity.refused", "", InstrumentKind.Counter, "Names that break the rules of Kubernetes, and distinct cgroups of no known form.",
            static view => Point.Known(
                Point.With(view.Snapshot.Identity.Lookups?.Refused, "what", "name"), Point.With(view.Snapshot.Identity.UnknownForms, "what", "cgroup")))
            { Labels = ["what"] },
        new("mapagent.identity.unnamed_pods", "", InstrumentKind.Gauge, "Pods with processes whose names no source knows; no series while no names are asked for.",
            static view => Point.Maybe(view.Snapshot.Identity.UnnamedPods)) { IsOccasional = true },
    ];

    private static IEnumerable<Point> Counts(LookupLedger? ledger)
    {
        for (int source = 0; ledger is not null && source < SourceKinds.Labels.Length; source++)
        {
            long[] counts = [.. Enumerable.Range(0, LookupOutcomes.Labels.Length).Select(outcome => ledger[(SourceKind)source, (LookupOutcome)outcome])];
            for (int outcome = 0; outcome < counts.Length && counts.Any(static count => count > 0); outcome++)
            {
                yield return new Point(counts[outcome],
                    new("source", ((SourceKind)source).Label()), new("outcome", ((LookupOutcome)outcome).Label()));
            }
        }
    }
}
