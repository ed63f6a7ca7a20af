using System;
using System.Collections.Generic;

namespace MapAgent.Dashboards;

/// <summary>
/// One query of a panel. In the expression stand short words for label matchers: <c>{node}</c>, <c>{group}</c>, <c>{mount}</c> and
/// <c>{pod}</c>; <c>{node,kind="file"}</c> adds to them. So no query can forget the job and the instance.
/// </summary>
/// <param name="Expression">PromQL with short words.</param>
/// <param name="Legend">How a series is called.</param>
internal sealed record Query(string Expression, string Legend)
{
    private const string Node = "job=~\"$job\",instance=~\"$instance\"";

    private static readonly Dictionary<string, string> s_matchers = new()
    {
        ["node"] = Node,
        ["group"] = Node + ",group=~\"$group\"",
        ["mount"] = Node + ",namespace=~\"$namespace\",pod=~\"$pod\"",
        ["pod"] = Node + ",namespace=~\"$namespace\",pod=~\"$pod\",pod!=\"\"",
    };

    /// <summary>The expression as Prometheus understands it, but for Grafana's variables.</summary>
    public string PromQl
    {
        get
        {
            string text = Expression;
            foreach ((string word, string matchers) in s_matchers)
            {
                text = text.Replace("{" + word + "}", "{" + matchers + "}", StringComparison.Ordinal)
                    .Replace("{" + word + ",", "{" + matchers + ",", StringComparison.Ordinal);
            }

            return text;
        }
    }
}
