using System.CommandLine;
using System.Text;
using MapAgent.Hosting;

namespace MapAgent.Tests.Docs;

/// <summary>/etc/default/mapagent: every flag's variable at its default, commented out.</summary>
internal static class DefaultsFile
{
    /// <summary>The file.</summary>
    public static string Render()
    {
        StringBuilder text = new("""
            # Flags of the mapagent service, as variables; see mapagent(1). What is commented out is the default.
            # After a change: systemctl restart mapagent. Values of mapagent.yaml can be set here too, see mapagent.yaml(5).

            """);
        foreach (Option flag in new AgentFlags().Options)
        {
            text.Append($"\n# {flag.Description}\n#{AgentFlags.VariableName(CommandModel.Name(flag))}={CommandModel.Default(flag)}\n");
        }

        return text.ToString();
    }
}
