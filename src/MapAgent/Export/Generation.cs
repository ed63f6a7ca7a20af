using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>
/// A registry for label sets that come and go. The SDK keeps a place for every label set it has ever seen, and shows an
/// overflow series when the places run out, for ever. A generation counts what it has seen and is replaced before that.
/// </summary>
internal sealed class Generation : IDisposable
{
    // Room for as much again as is live: fewer rebuilds, little memory (measured in docs/decisions).
    private const int Smallest = 32;
    private readonly HashSet<SeriesLabels> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _seenOthers = [];
    private readonly int _places;
    private readonly HashSet<(SeriesLabels Labels, string File)> _seenFiles = [];
    private readonly int _otherPlaces;
    private readonly int _filePlaces;

    /// <summary>A generation with room for the snapshot and its followers.</summary>
    public Generation(Snapshot first)
    {
        _places = Math.Max(Smallest, first.Series.Count * 2);
        _otherPlaces = Math.Max(Smallest, Others(first).Count() * 2);
        _filePlaces = Math.Max(Smallest, FilesOf(first).Count() * 2);
        Registry = new Registry([.. ProcessFamilies.All, .. MappingFamilies.Files, .. ShmFamilies.Mounts, .. ContainerFamilies.All], _places, _otherPlaces, _filePlaces);
    }

    /// <summary>The instruments.</summary>
    public Registry Registry { get; }

    /// <summary>Counts the label sets of a snapshot that is about to be exported.</summary>
    /// <returns>False when they do not fit: then the generation has seen its last snapshot.</returns>
    public bool Admit(Snapshot snapshot)
    {
        foreach (SeriesSnapshot series in snapshot.Series)
        {
            _seen.Add(series.Labels);
        }

        _seenOthers.UnionWith(Others(snapshot));
        _seenFiles.UnionWith(FilesOf(snapshot));
        return _seen.Count <= _places && _seenOthers.Count <= _otherPlaces && _seenFiles.Count <= _filePlaces;
    }

    /// <inheritdoc/>
    public void Dispose() => Registry.Dispose();

    private static IEnumerable<string> Others(Snapshot snapshot) => ShmFamilies.LabelSets(snapshot.Shm).Concat(ContainerFamilies.LabelSets(snapshot));

    private static IEnumerable<(SeriesLabels Labels, string File)> FilesOf(Snapshot snapshot) =>
        snapshot.Series.SelectMany(static series => MappingFamilies.Files.SelectMany(family => family.Files(series)).Distinct().Select(file => (series.Labels, file)));
}
