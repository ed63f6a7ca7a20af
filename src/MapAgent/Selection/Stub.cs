#pragma warning disable
namespace MapAgent.Selection;
using System; using System.Collections.Generic; using System.Text.RegularExpressions;
[Flags] internal enum TemplateFields { None=0, Exe=1, Username=2, Cgroups=4, Matches=8 }
internal sealed class TemplateValues { public string Comm, ExeBase, ExeFull, Username; public int Pid; public DateTimeOffset StartTime; public IReadOnlyList<string> Cgroups; public IReadOnlyDictionary<string,string> Matches; }
internal sealed class NameTemplate { string t; public TemplateFields Needs => default; public static bool TryParse(string x, out NameTemplate r, out string e){ r=new NameTemplate{t=x}; e=null; return true;} public string Render(in TemplateValues v)=>t.Replace("{{.Comm}}",v.Comm); }
internal static class GoRegex { public static bool TryCompile(string p, out Regex r, out string e){ r=new Regex(p); e=null; return true; } }
