using System;
using System.Collections.Generic;
using System.IO;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MapAgent.Hosting.Configuration;

/// <summary>One YAML file as nodes that know their lines.</summary>
internal static class YamlDocument
{
    private const int SizeBound = 1024 * 1024;
    private const int DepthBound = 16;

    /// <summary>Reads the one document of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="issues">Takes what is wrong.</param>
    /// <returns>The root; null when there is an issue, and for an empty file.</returns>
    public static YamlNode? Load(string path, ICollection<ConfigurationIssue> issues)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            string text = ReadBounded(file);
            // The loader below recurses; the parser does not. So depth is judged first.
            RefuseDepth(new Parser(new StringReader(text)));
            YamlStream stream = [];
            stream.Load(new StringReader(text));
            if (stream.Documents.Count > 1)
            {
                issues.Add(new ConfigurationIssue(path, stream.Documents[1].RootNode.Start.Line, "only one YAML document is allowed in the file"));
            }

            return stream.Documents.Count == 1 ? stream.Documents[0].RootNode : null;
        }
        catch (YamlException error)
        {
            issues.Add(new ConfigurationIssue(path, error.Start.Line, "not valid YAML: " + Reason(error)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            issues.Add(new ConfigurationIssue(path, 0, error.Message));
        }

        return null;
    }

    private static string ReadBounded(FileStream file)
    {
        using StreamReader reader = new(file);
        char[] text = new char[SizeBound + 1];
        int length = reader.ReadBlock(text, 0, text.Length);
        return length <= SizeBound ? new string(text, 0, length) : throw new IOException($"the file is larger than {SizeBound} characters");
    }

    private static void RefuseDepth(Parser parser)
    {
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            // Stream and document count too.
            if (depth > DepthBound + 2)
            {
                throw new YamlException(parser.Current.Start, parser.Current.End, $"nested deeper than {DepthBound} levels");
            }
        }
    }

    private static string Reason(YamlException error)
    {
        Exception inner = error;
        while (inner.InnerException is not null)
        {
            inner = inner.InnerException;
        }

        // Without the position, which stands in front of the message already.
        int colon = inner.Message.IndexOf("): ", StringComparison.Ordinal);
        return colon > 0 && inner.Message.StartsWith('(') ? inner.Message[(colon + 3)..] : inner.Message;
    }
}
