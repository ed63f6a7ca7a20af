using System.Runtime.Versioning;
using MapAgent.SystemTests.Harness;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// The tests measure memory, time and the list of processes: one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(TestRun))]
[assembly: SupportedOSPlatform("linux")]
