using System.Collections.Generic;

namespace MapAgent.Tests.Alerts;

/// <summary>One selector of an expression.</summary>
/// <param name="Metric">The name; a regular expression when it was matched by one; empty when there is none.</param>
/// <param name="Matchers">The label matchers.</param>
/// <param name="Range">What stands in the brackets behind it; empty for an instant.</param>
/// <param name="Functions">The functions around it, the nearest last.</param>
internal sealed record Selector(string Metric, IReadOnlyList<Matcher> Matchers, string Range, IReadOnlyList<string> Functions);

/// <summary>One label matcher.</summary>
internal sealed record Matcher(string Label, string Operator, string Value);
