using Xunit;

namespace MapAgent.SystemTests.Installation;

/// <summary>The tests that look at one installed service boot one machine for all of them.</summary>
[CollectionDefinition(Name)]
public sealed class OneMachine : ICollectionFixture<InstalledService>
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "one machine";
}
