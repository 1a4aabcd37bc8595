using Retort.Cli;
using Retort.Cli.Shell;

return CommandLine.Run(args, Terminal.OfProcess());
