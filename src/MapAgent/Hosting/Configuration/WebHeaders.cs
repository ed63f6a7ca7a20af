using System;
using System.Collections.Generic;
using System.Linq;
using YamlDotNet.RepresentationModel;

namespace MapAgent.Hosting.Configuration;

/// <summary>The headers of <c>http_server_config.headers</c>: five names, two of them with fixed values.</summary>
internal sealed class WebHeaders(YamlNotes notes)
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Content-Security-Policy"] = [],
        ["Strict-Transport-Security"] = [],
        ["X-Content-Type-Options"] = ["nosniff"],
        ["X-Frame-Options"] = ["deny", "sameorigin"],
        ["X-XSS-Protection"] = [],
    };

    private readonly List<KeyValuePair<string, string>> _values = [];

    /// <summary>Names and values; what is blank is left out.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values => _values;

    /// <summary>Reads the section.</summary>
    public void Take(YamlNode node)
    {
        foreach ((YamlScalarNode key, YamlNode value) in notes.Entries(node, "headers"))
        {
            string name = key.Value!;
            string? text = (value as YamlScalarNode)?.Value;
            if (!s_allowed.TryGetValue(name, out string[]? values))
            {
                notes.Error(key, $"the header {name} cannot be set; those that can: {string.Join(", ", s_allowed.Keys)}");
            }
            else if (text is null || text.Any(static letter => letter is < ' ' or > '~'))
            {
                notes.Error(value, $"{name} must be text of printable ASCII");
            }
            else if (values.Length > 0 && !values.Contains(text))
            {
                notes.Error(value, $"{name} is \"{text}\"; it must be {string.Join(" or ", values)}");
            }
            else if (text.Length > 0)
            {
                _values.Add(new KeyValuePair<string, string>(name, text));
            }
        }
    }
}
