using System;
using MapAgent.Hosting.Configuration;
using Xunit;

namespace MapAgent.Tests.Hosting;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("15s", 15_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("250ms", 250)]
    [InlineData("0.5s", 500)]
    [InlineData("1h", 3_600_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("0", 0)]
    public void Durations_are_understood(string text, double milliseconds)
    {
        Assert.True(Quantity.TryDuration(text, out TimeSpan span));
        Assert.Equal(milliseconds, span.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("15")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1s2")]
    [InlineData("1 s")]
    [InlineData("1e9s")]
    [InlineData("99999999999d")]
    [InlineData("NaNs")]
    public void Other_texts_are_no_durations(string text) => Assert.False(Quantity.TryDuration(text, out _));

    [Theory]
    [InlineData("10MiB", 10L << 20)]
    [InlineData("1 GiB", 1L << 30)]
    [InlineData("512", 512)]
    [InlineData("3B", 3)]
    [InlineData("7KiB", 7168)]
    public void Sizes_are_understood(string text, long bytes)
    {
        Assert.True(Quantity.TrySize(text, out long parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("10MB")]
    [InlineData("-1B")]
    [InlineData("1.5MiB")]
    [InlineData("99999999999TiB")]
    [InlineData("MiB")]
    public void Other_texts_are_no_sizes(string text) => Assert.False(Quantity.TrySize(text, out _));

    [Theory]
    [InlineData("1%", 0.01)]
    [InlineData("100%", 1)]
    [InlineData("0.5 %", 0.005)]
    [InlineData("0", 0)]
    [InlineData("0%", 0)]
    public void Shares_are_understood(string text, double share)
    {
        Assert.True(Quantity.TryShare(text, out double parsed));
        Assert.Equal(share, parsed, 12);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("%")]
    public void Other_texts_are_no_shares(string text) => Assert.False(Quantity.TryShare(text, out _));
}
