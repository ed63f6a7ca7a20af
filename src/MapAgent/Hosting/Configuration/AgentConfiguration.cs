using System.Collections.Generic;
using MapAgent.Identity;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Shm;

namespace MapAgent.Hosting.Configuration;

/// <summary>The configuration file and the environment, understood. Starts with what holds when nothing is said.</summary>
internal sealed class AgentConfiguration
{
    /// <summary>The section <c>sampling</c>.</summary>
    public SamplingOptions Sampling { get; } = new();

    /// <summary>The section <c>limits</c>.</summary>
    public LimitOptions Limits { get; } = new();

    /// <summary>The section <c>mappings</c>.</summary>
    public MappingsOptions Mappings { get; } = new();

    /// <summary>The section <c>shm</c>.</summary>
    public ShmOptions Shm { get; } = new();

    /// <summary>The section <c>kubernetes</c>.</summary>
    public KubernetesOptions Kubernetes { get; set; } = new();

    /// <summary>The key <c>labels.container_id</c>.</summary>
    public ContainerIdLabel ContainerId { get; set; } = ContainerIdLabel.Shm;

    /// <summary>The compiled <c>process_names</c>; null when there is no such key, then every process is named by comm.</summary>
    public IReadOnlyList<Rule>? Rules { get; set; }

    /// <summary>The key <c>children</c>.</summary>
    public bool Children { get; set; } = true;

    /// <summary>The key <c>otlp.enabled</c>.</summary>
    public bool IsOtlpEnabled { get; set; }

    /// <summary>What the sampler obeys.</summary>
    public PassSetup ToSetup() => new(Rules is null ? RuleSet.Default : new RuleSet(Rules, Children), Sampling, Limits, Shm, Mappings)
    {
        ContainerId = ContainerId,
    };
}
