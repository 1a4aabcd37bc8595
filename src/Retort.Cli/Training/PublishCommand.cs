using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Core.Files;
using Retort.Training.Building;

namespace Retort.Cli.Training;

/// <summary><c>retort publish</c>: the small file that leaves the house.</summary>
internal static class PublishCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> checkpoint = new("checkpoint") { Description = "A run's checkpoint, such as runs/NAME/best.ckpt." };
        Option<string> folder = new("--output")
        {
            Description = "Where the file goes.",
            HelpName = "folder",
            DefaultValueFactory = _ => "."
        };
        Option<string?> name = new("--name") { Description = "What the file is called; by default the recipe's name.", HelpName = "name" };
        Option<bool> half = new("--half")
        {
            Description = "Write half-precision weights, at half the size; scores differ in the last "
            + "digits."
        };
        var command = new DocumentedCommand(
            "publish",
            "Write the network alone, without teacher, optimizer and progress, into a file with a part of its hash in the name. "
                + "PyTorch's torch.load reads it.",
            "retort publish runs/bccd/student_ld/best.ckpt --output models")
        {
            checkpoint, folder, name, half,
        };
        command.SetAction(parsed =>
        {
            string source = parsed.GetRequiredValue(checkpoint);
            RequireFolder(parsed.GetRequiredValue(folder));
            string file = Publisher.Publish(source, parsed.GetRequiredValue(folder), parsed.GetValue(name), parsed.GetValue(half));
            terminal.Output.WriteLine(file);
            terminal.Error.WriteLine($"{UserFiles.Length(file) / 1e6:0.0} MB (the run's checkpoint: {UserFiles.Length(source) / 1e6:0.0} "
                + $"MB). It carries its recipe and class names: 'retort predict {file} PICTURES' uses it.");
        });
        return command;
    }

    // Most tools that write one file are told its name.
    private static void RequireFolder(string folder)
    {
        if (Path.GetExtension(folder).ToLowerInvariant() is ".pth" or ".pt" or ".ckpt" or ".safetensors" && !Directory.Exists(folder))
        {
            throw new RetortException(
                $"{folder}: --output names the folder, and --name what the file is called, to which a part of its hash is added");
        }

        OutputPath.RequireFolder(folder, "--output");
    }
}
