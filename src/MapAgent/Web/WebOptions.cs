using System;
using Microsoft.AspNetCore.Http;

namespace MapAgent.Web;

/// <summary>What the routes must know of flags and configuration.</summary>
/// <param name="TelemetryPath">Path of the metrics.</param>
/// <param name="Interval">The sampling interval in force, by which freshness is judged.</param>
/// <param name="ShowsDetails">True when details of processes are shown at this moment under this name of the host.</param>
internal sealed record WebOptions(string TelemetryPath, Func<TimeSpan> Interval, Func<HostString, bool> ShowsDetails);
