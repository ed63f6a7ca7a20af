using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>Shared memory as JSON.</summary>
internal static class ShmJson
{
    /// <summary>The only mount with the label, by the agent's own page.</summary>
    public static async Task<JsonElement> MountAsync(Agent agent, string label) => Mount(await agent.GetAsync("/api/v1/shm"), label);

    /// <summary>The only mount with the label in a document.</summary>
    public static JsonElement Mount(string json, string label)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Assert.Single(document.RootElement.GetProperty("mounts").EnumerateArray(), mount => mount.GetProperty("mount").GetString() == label).Clone();
    }
}
