using MapAgent.Host;

namespace MapAgent.Sampling;

/// <summary>What the memory cgroup of a container says, under the names that are known of it.</summary>
/// <param name="Namespace">Namespace of its pod.</param>
/// <param name="Pod">Name of its pod.</param>
/// <param name="Container">Its name, or its short id where no Kubernetes has named it.</param>
/// <param name="Memory">What it says; of several under the same names, as while one replaces another, together.</param>
internal sealed record ContainerMemory(string? Namespace, string? Pod, string Container, CgroupMemory Memory);
