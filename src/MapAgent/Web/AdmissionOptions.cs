using System;

namespace MapAgent.Web;

/// <summary>What the flags say of who gets in.</summary>
/// <param name="Exposure">Who can connect, and what is shown.</param>
/// <param name="MaxRequests">Requests that are answered at once; 0 for any number.</param>
/// <param name="ExemptProbes">True when /-/healthy and /-/ready need no password.</param>
/// <param name="ThreadCpu">CPU nanoseconds of the calling thread.</param>
internal sealed record AdmissionOptions(Exposure Exposure, int MaxRequests, bool ExemptProbes, Func<long> ThreadCpu);
