using System;
using System.Globalization;
using MapAgent.Hosting;
using Xunit;

namespace MapAgent.Tests.Hosting;

public sealed class ServiceTests
{
    [Theory]
    [InlineData("8:1234", "socket:[1234]", true)]
    [InlineData("8:1234", "socket:[1235]", false)]
    [InlineData("8:1234", "pipe:[1234]", false)]
    [InlineData("8:1234", "/var/log/x", false)]
    [InlineData("8:1234", null, false)]
    [InlineData("1234", "socket:[1234]", false)]
    [InlineData("8:x", "socket:[x]", false)]
    [InlineData(null, "socket:[1234]", false)]
    public void Only_the_socket_that_the_journal_gave_is_the_journal(string? variable, string? descriptor, bool expected) =>
        Assert.Equal(expected, Journal.IsStandardError(variable, descriptor));

    [Fact]
    public void The_watchdog_is_kept_only_for_this_process()
    {
        string self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(TimeSpan.FromSeconds(30), ServiceNotifier.WatchdogPeriod("30000000", null));
        Assert.Equal(TimeSpan.FromSeconds(30), ServiceNotifier.WatchdogPeriod("30000000", self));
        Assert.Null(ServiceNotifier.WatchdogPeriod("30000000", "1"));
        Assert.Null(ServiceNotifier.WatchdogPeriod("0", null));
        Assert.Null(ServiceNotifier.WatchdogPeriod("x", null));
        Assert.Null(ServiceNotifier.WatchdogPeriod(null, null));
    }

    [Theory]
    [InlineData("fd00::1:19256", "[fd00::1]:19256")]
    [InlineData("[fd00::1]:19256", "[fd00::1]:19256")]
    [InlineData("127.0.0.1:19256", "127.0.0.1:19256")]
    [InlineData("localhost:19256", "localhost:19256")]
    [InlineData(":19256", ":19256")]
    [InlineData("nowhere", "nowhere")]
    [InlineData("fd00::1:", "[fd00::1]:")]
    [InlineData("a:b:c", "a:b:c")]
    public void Only_addresses_of_IPv6_get_brackets(string text, string bracketed) => Assert.Equal(bracketed, AgentFlags.Bracketed(text));

    [Theory]
    [InlineData("--web.listen-address", "MAPAGENT_WEB_LISTEN_ADDRESS")]
    [InlineData("--config.file", "MAPAGENT_CONFIG_FILE")]
    public void A_flag_has_a_variable(string flag, string variable) => Assert.Equal(variable, AgentFlags.VariableName(flag));
}
