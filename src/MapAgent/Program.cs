return await MapAgent.Commands.CommandLine.RunAsync(args);
