using System.CommandLine;
using System.Globalization;
using Retort.Cli.Shell;
using Retort.Torch.Checkpoints;
using Spectre.Console;

namespace Retort.Cli.Commands;

/// <summary><c>retort checkpoint show</c>: what is in a file of weights, of any format that Retort reads. Nothing in it is executed.</summary>
internal static class CheckpointCommand
{
    public static Command Create(Terminal terminal) => new DocumentedCommand("checkpoint", "Look into files of weights.", "retort checkpoint show resnet18.pth")
    {
        CreateShow(terminal),
    };

    private static Command CreateShow(Terminal terminal)
    {
        Argument<string> file = new("file") { Description = "A .pth, .pt or .safetensors file." };
        Option<string?> key = new("--key") { Description = "Where in the file the tensors are, if not where they usually are.", HelpName = "ema/module" };
        var command = new DocumentedCommand(
            "show",
            "List the names, types and shapes of the tensors in a file. Nothing in the file is executed.",
            "retort checkpoint show resnet18.pth",
            "retort checkpoint show last.pth --key ema_state_dict")
        {
            file, key,
        };
        command.SetAction(parsed => Show(terminal, parsed.GetRequiredValue(file), new CheckpointOptions { Key = parsed.GetValue(key) }));
        return command;
    }

    private static void Show(Terminal terminal, string path, CheckpointOptions options)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path, options);
        StateDict tensors = checkpoint.StateDict;
        Table table = Terminal.NewTable("name", "type", "shape", ">numbers");
        foreach ((string name, StoredTensor tensor) in tensors)
        {
            table.AddRow(Markup.Escape(name), $"{tensor.Type}", Markup.Escape($"[{string.Join(", ", tensor.Shape)}]"), Count(tensor.Count));
        }

        terminal.Write(table);
        string place = checkpoint.StateDictPlace;
        terminal.Output.WriteLine($"{path}: {Describe(checkpoint.Format)}, {tensors.Count} tensors{(place.Length > 0 ? $" under '{place}'" : "")}, {Count(tensors.Values.Sum(t => t.Count))} numbers");
        foreach ((string name, CheckpointException reason) in tensors.Refused)
        {
            terminal.Error.WriteLine($"left out '{name}': {reason.Message}");
        }
    }

    private static string Count(long numbers) => numbers.ToString("N0", CultureInfo.InvariantCulture);

    private static string Describe(CheckpointFormat format) => format switch
    {
        CheckpointFormat.Safetensors => "safetensors",
        CheckpointFormat.TorchZip => "PyTorch (zip)",
        CheckpointFormat.TorchLegacy => "PyTorch (before 1.6)",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "unknown format"),
    };
}
