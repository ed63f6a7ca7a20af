using YamlDotNet.RepresentationModel;

namespace MapAgent.Hosting.Configuration;

/// <summary>Yes and no as YAML 1.1 writes them, by which exporters read their files.</summary>
internal static class YamlSwitch
{
    /// <summary>Understands a node.</summary>
    public static bool TryParse(YamlNode node, out bool value)
    {
        string text = (node as YamlScalarNode)?.Value ?? "";
        value = text is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y";
        return value || text is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N";
    }
}
