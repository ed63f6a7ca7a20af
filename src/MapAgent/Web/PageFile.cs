using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Threading;

namespace MapAgent.Web;

/// <summary>One file of the live page, kept in the binary; read when it is first asked for.</summary>
internal sealed class PageFile
{
    /// <summary>All of them are below this path.</summary>
    public const string Folder = "/page/";

    private static readonly (string Extension, string Type)[] s_types =
        [(".js", "text/javascript; charset=utf-8"), (".css", "text/css; charset=utf-8"), (".svg", "image/svg+xml")];

    private static readonly Assembly s_assembly = typeof(PageFile).Assembly;
    private readonly Lazy<(byte[] Bytes, string Tag)> _content;

    private PageFile(string resource)
    {
        ContentType = s_types.Single(type => resource.EndsWith(type.Extension, StringComparison.Ordinal)).Type;
        _content = new Lazy<(byte[] Bytes, string Tag)>(() => Read(resource), LazyThreadSafetyMode.ExecutionAndPublication);
    }

    /// <summary>The files by their paths.</summary>
    public static FrozenDictionary<string, PageFile> All { get; } = s_assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
        .Select(static name => KeyValuePair.Create(name, new PageFile(name))).ToFrozenDictionary();

    /// <summary>The value of Content-Type.</summary>
    public string ContentType { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _content.Value.Bytes;

    /// <summary>The value of ETag: another binary may bring another file.</summary>
    public string Tag => _content.Value.Tag;

    private static (byte[] Bytes, string Tag) Read(string resource)
    {
        using Stream stream = s_assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
    }
}
