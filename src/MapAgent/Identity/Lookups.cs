using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using MapAgent.Procfs;
using Microsoft.Extensions.Logging;

namespace MapAgent.Identity;

/// <summary>
/// All sources of names together. A pass asks for what it misses and reads <see cref="Names"/>; it never waits for an answer.
/// </summary>
internal sealed class Lookups(ProcRoot root, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly object _gate = new();
    private KubernetesOptions _options = new() { Enabled = false };
    private LookupLoop[] _loops = [];
    private KnownNames _names = KnownNames.None;
    private bool _started;

    /// <summary>All names that are known now.</summary>
    public KnownNames Names => Volatile.Read(ref _names);

    /// <summary>Counts since the start.</summary>
    public LookupLedger Ledger { get; } = new();

    /// <summary>The options in force.</summary>
    public KubernetesOptions Options => Volatile.Read(ref _options);

    /// <summary>Puts options in force. Where they are other ones, what was found is forgotten.</summary>
    public void Configure(KubernetesOptions options)
    {
        lock (_gate)
        {
            if (options == _options)
            {
                return;
            }

            End();
            Volatile.Write(ref _options, options);
            Volatile.Write(ref _names, KnownNames.None);
        }
    }

    /// <summary>Says which containers of pods have no name. The sources are asked for the first time when there are some, or when the options say so.</summary>
    /// <param name="unnamed">Each container once.</param>
    /// <param name="sawPods">Whether there is any pod.</param>
    /// <returns>True when they are asked.</returns>
    public bool Ask(IReadOnlyList<UnnamedContainer> unnamed, bool sawPods)
    {
        lock (_gate)
        {
            if (!_options.IsOn(sawPods))
            {
                return false;
            }

            bool isFirst = !_started;
            if (isFirst)
            {
                _started = true;
                _loops = [.. Loops()];
            }

            foreach (LookupLoop loop in _loops)
            {
                loop.Ask(unnamed);
                if (isFirst)
                {
                    loop.Start();
                }
            }

            return true;
        }
    }

    /// <summary>Looks at all processes, asks, and waits for the first answers, but no longer than so long: for the start, before any pass.</summary>
    public void Begin(ProcReader reader, TimeSpan most)
    {
        if (Options.Enabled == false)
        {
            return;
        }

        List<UnnamedContainer> unnamed = UnnamedContainer.Survey(reader);
        Wait(Ask(unnamed, unnamed.Count > 0), most);
    }

    /// <summary>Whose one process is, for a person who asks; waits for the first answers, but no longer than so long.</summary>
    public ProcessIdentity Of(ProcReader reader, int pid, TimeSpan most)
    {
        if (reader.Open(pid, out ProcessDirectory directory) != ReadOutcome.Ok)
        {
            return ProcessIdentity.None;
        }

        using (directory)
        {
            CgroupFacts cgroup = CgroupFacts.Read(reader, directory) ?? CgroupFacts.None;
            bool isPod = cgroup.PodUid is not null;
            Wait(isPod && Ask(cgroup.ContainerId is { } id ? [new UnnamedContainer(pid, id, cgroup.PodUid!)] : [], sawPods: true), most);
            return Names.Of(cgroup);
        }
    }

    private void Wait(bool isAsked, TimeSpan most)
    {
        if (isAsked)
        {
            long from = Stopwatch.GetTimestamp();
            foreach (LookupLoop loop in _loops)
            {
                TimeSpan left = most - Stopwatch.GetElapsedTime(from);
                loop.WaitForFirst(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            End();
            _options = new KubernetesOptions { Enabled = false };
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The loop disposes its source.")]
    private IEnumerable<LookupLoop> Loops()
    {
        foreach (SourceKind kind in _options.Kinds)
        {
            if (Source(kind) is { } source)
            {
                yield return new LookupLoop(source, _options, clock, Ledger, logger, Merge);
            }
        }
    }

    private NameSource? Source(SourceKind kind) => kind switch
    {
        SourceKind.Mounts => new MountNames(new ProcReader(root)),
        SourceKind.Logs => new LogNames(_options.Logs),
        SourceKind.Kubelet when _options.KubeletPods is { } url =>
            new PodListNames(kind, url, _options.TokenFile, _options.KubeletCaFile.Length > 0 ? _options.KubeletCaFile : _options.CaFile),
        SourceKind.Api when _options.ApiPods is { } url => new PodListNames(kind, url, _options.TokenFile, _options.CaFile),
        _ => null,
    };

    private void Merge()
    {
        lock (_gate)
        {
            FoundNames[] found = Array.ConvertAll(_loops, static loop => loop.Found);
            Volatile.Write(ref _names, new KnownNames(found));
        }
    }

    private void End()
    {
        foreach (LookupLoop loop in _loops)
        {
            loop.Dispose();
            Ledger.Forget(loop.Kind);
        }

        _loops = [];
        _started = false;
    }
}
