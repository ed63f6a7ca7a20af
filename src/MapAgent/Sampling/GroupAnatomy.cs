using System.Collections.Generic;
using MapAgent.Mappings;

namespace MapAgent.Sampling;

/// <summary>What is mapped in the members of a group whose mappings were read.</summary>
/// <param name="Sums">By kind, hint and remote filesystem.</param>
/// <param name="Members">How many were read.</param>
/// <param name="MostMappings">The most mappings of any of them.</param>
/// <param name="AddressSpaceUsed">The largest share of its address space that a 32-bit member uses; null without such.</param>
/// <param name="DeletedPrograms">Binaries and libraries that were replaced or removed on disk since.</param>
/// <param name="Files">The largest files, and <c>other</c>, with their proportional bytes.</param>
internal sealed record GroupAnatomy(
    MappingSums Sums, int Members, long MostMappings, double? AddressSpaceUsed, long DeletedPrograms, IReadOnlyList<KeyValuePair<string, long>> Files);
