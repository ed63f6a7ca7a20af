using System;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using MapAgent.Tests.Export;
using MapAgent.Web;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace MapAgent.Tests.Web;

/// <summary>The files of the live page as they are in the binary.</summary>
public sealed class PageFileTests
{
    private const int Most = 100_000;

    [Fact]
    public void The_whole_page_is_small()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42);
        using Page page = new(tree);
        int document = Encoding.UTF8.GetByteCount(LivePage.Render("/metrics", page.Measure(), showsDetails: true));
        int files = PageFile.All.Values.Sum(static file => file.Bytes.Length);
        Assert.InRange(files, 20_000, Most);
        Assert.InRange(files + document, 20_000, Most);
    }

    [Fact]
    public void Every_file_says_what_it_is()
    {
        Assert.Equal("text/javascript; charset=utf-8", PageFile.All["/page/main.js"].ContentType);
        Assert.Equal("text/css; charset=utf-8", PageFile.All["/page/page.css"].ContentType);
        Assert.Equal("image/svg+xml", PageFile.All["/page/icon.svg"].ContentType);
    }

    [Fact]
    public void No_file_turns_text_into_markup_or_names_another_host()
    {
        foreach ((string path, PageFile file) in PageFile.All)
        {
            string text = Encoding.UTF8.GetString(file.Bytes.Span).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|createContextualFragment|setAttribute\('(style|on)", text);
            Assert.DoesNotMatch(@"https?://|//[a-z]+\.|@import|url\(", Regex.Replace(text, @"(?m)^\s*//.*$", ""));
            Assert.True(path.EndsWith(".svg", StringComparison.Ordinal) || text.EndsWith('\n'), path);
        }
    }

    [Fact]
    public void Every_module_that_is_imported_is_there()
    {
        string[] imported = [.. PageFile.All.Values.SelectMany(static file => Regex.Matches(Encoding.UTF8.GetString(file.Bytes.Span), @"from '\./([a-z]+\.js)'"))
            .Select(static match => PageFile.Folder + match.Groups[1].Value).Distinct()];
        Assert.NotEmpty(imported);
        Assert.All(imported, static path => Assert.Contains(path, PageFile.All.Keys));
    }

    [Fact]
    public void Who_has_a_file_already_gets_none()
    {
        PageFile file = PageFile.All["/page/main.js"];
        DefaultHttpContext context = new();
        Assert.False(Answer.IsKnown(context, file.Tag));
        context.Request.Headers.IfNoneMatch = context.Response.Headers.ETag;
        Assert.True(Answer.IsKnown(context, file.Tag));
        Assert.Equal(StatusCodes.Status304NotModified, context.Response.StatusCode);
        context.Request.Headers.IfNoneMatch = "\"other\"";
        Assert.False(Answer.IsKnown(context, file.Tag));
        Assert.Matches("^\"[0-9a-f]{16}\"$", file.Tag);
    }
}
