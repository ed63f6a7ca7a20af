using System.Globalization;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Sampling;
using Microsoft.AspNetCore.Http;

namespace MapAgent.Web;

/// <summary>
/// One process as JSON, read when it is asked for. The only page behind which files are read, within the budget and by
/// <see cref="Inspector"/> alone.
/// </summary>
internal sealed class ProcessPage(Inspector inspector)
{
    /// <summary>The path, before the pid.</summary>
    public const string Prefix = "/api/v1/processes/";

    /// <summary>Answers.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        string text = context.Request.Path.Value![Prefix.Length..];
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || pid == 0)
        {
            await Answer.TextAsync(context, StatusCodes.Status400BadRequest, $"{Prefix}PID takes the number of a process, as ps shows it.\n");
            return;
        }

        InspectionAnswer? answer = await inspector.LookAsync(pid, context.RequestAborted);
        if (answer is null)
        {
            context.Response.Headers.RetryAfter = "5";
            await Answer.TextAsync(context, StatusCodes.Status503ServiceUnavailable,
                "Others are being looked at, or sampling.cpu_budget is spent until the next pass. On the node, mapagent inspect PID always answers.\n");
        }
        else if (answer.IsShown)
        {
            await Answer.JsonAsync(context, writer => ProcessJson.Write(writer, answer.Inspection!));
        }
        else
        {
            int status = answer.IsAbsent ? StatusCodes.Status404NotFound
                : answer.IsDenied ? StatusCodes.Status403Forbidden : StatusCodes.Status500InternalServerError;
            await Answer.TextAsync(context, status, InspectionRefusal.Text(pid, answer) + "\n");
        }
    }
}
