using System.Collections;
using System.Collections.Generic;
using MapAgent.Export.Otlp;
using Xunit;

namespace MapAgent.Tests.Export.Otlp;

public sealed class OtlpSettingsTests
{
    [Fact]
    public void With_nothing_said_the_defaults_of_OpenTelemetry_hold()
    {
        OtlpSettings settings = Encoded.Settings();
        Assert.Equal(("http://localhost:4317/", true, false), (settings.Endpoint.AbsoluteUri, settings.IsGrpc, settings.IsCompressed));
        Assert.Equal((60, 10), (settings.Interval.TotalSeconds, settings.Timeout.TotalSeconds));
        Assert.False(settings.AreCountersDelta || settings.AreHistogramsDelta);
        Assert.Equal("mapagent", settings.Resource["service.name"]);
        Assert.Equal(settings.Resource["host.name"] + ":19256", settings.Resource["service.instance.id"]);
        Assert.NotEmpty(settings.Resource["service.version"]);
        Assert.DoesNotContain("k8s.node.name", settings.Resource.Keys);
    }

    [Theory]
    [InlineData("http/protobuf", null, null, "http://localhost:4318/v1/metrics")]
    [InlineData("http/protobuf", "https://collector:4318", null, "https://collector:4318/v1/metrics")]
    [InlineData("http/protobuf", "https://collector/otlp/", null, "https://collector/otlp/v1/metrics")]
    [InlineData("http/protobuf", "https://collector", "http://other:1/here", "http://other:1/here")]
    [InlineData("grpc", "http://collector:4317", null, "http://collector:4317/")]
    [InlineData("grpc", "http://collector:4317", "https://other:4317", "https://other:4317/")]
    public void The_address_is_the_one_of_metrics_or_the_common_one_with_the_path_of_metrics(string protocol, string? common, string? own, string expected)
    {
        List<(string, string)> environment = [("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)];
        if (common is not null)
        {
            environment.Add(("OTEL_EXPORTER_OTLP_ENDPOINT", common));
        }

        if (own is not null)
        {
            environment.Add(("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", own));
        }

        Assert.Equal(expected, Encoded.Settings([.. environment]).Endpoint.AbsoluteUri);
    }

    [Fact]
    public void The_resource_is_what_the_variables_say()
    {
        OtlpSettings settings = Encoded.Settings(("MAPAGENT_KUBERNETES_NODE_NAME", "node-7"), ("OTEL_SERVICE_NAME", "memory"),
            ("OTEL_RESOURCE_ATTRIBUTES", "k8s.cluster.name=blue, service.name=ignored,team=a%2Cb"));
        Assert.Equal("memory", settings.Resource["service.name"]);
        Assert.Equal(("node-7", "node-7"), (settings.Resource["k8s.node.name"], settings.Resource["host.name"]));
        Assert.Equal(("blue", "a,b"), (settings.Resource["k8s.cluster.name"], settings.Resource["team"]));
        Assert.Equal("node-7:19256", settings.Resource["service.instance.id"]);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "/v1/metrics")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "-1")]
    [InlineData("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "both")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "99")]
    [InlineData("OTEL_METRIC_EXPORT_TIMEOUT", "x")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "novalue")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE", "/no/such/file.pem")]
    [InlineData("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/no/such/key.pem")]
    public void A_variable_that_is_wrong_is_named_with_its_text(string variable, string text)
    {
        List<string> refused = Refused(variable, text);
        Assert.StartsWith(variable + " ", Assert.Single(refused), System.StringComparison.Ordinal);
        Assert.Contains(text, refused[0], System.StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_that_are_wrong_are_named_without_their_text() =>
        Assert.DoesNotContain("secret", Assert.Single(Refused("OTEL_EXPORTER_OTLP_HEADERS", "secret")));

    private static List<string> Refused(string variable, string text)
    {
        List<string> refused = [];
        OtlpSettings.Read(new Hashtable { [variable] = text }, "1", (name, wrong) => refused.Add($"{name} {wrong}"));
        return refused;
    }
}
