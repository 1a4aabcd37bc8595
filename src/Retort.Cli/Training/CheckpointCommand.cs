using System.CommandLine;
using System.Globalization;
using Retort.Cli.Shell;
using Retort.Torch.Checkpoints;
using Spectre.Console;

namespace Retort.Cli.Training;

/// <summary>
/// <c>retort checkpoint show</c>: what is in a file of weights, of any format that Retort reads. Nothing in it is executed.
/// </summary>
internal static class CheckpointCommand
{
    private const int ValuesShown = 20;

    public static Command Create(Terminal terminal) =>
        new DocumentedCommand("checkpoint", "Look into files of weights.", "retort checkpoint show resnet18.pth")
    {
        CreateShow(terminal),
    };

    private static Command CreateShow(Terminal terminal)
    {
        Argument<string> file = new("file") { Description = "A .pth, .pt or .safetensors file." };
        Option<string?> key = new("--key")
        {
            Description = "Where in the file the tensors are, if not where they usually are.",
            HelpName = "ema/module"
        };
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
        CheckpointListing listing = CheckpointListing.Of(checkpoint);
        Table table = Terminal.NewTable("name", "type", "shape", Heading.Number("bytes"));
        foreach (ListedTensor tensor in listing.Tensors)
        {
            table.AddRow(Markup.Escape(tensor.Name), $"{tensor.Type}", Markup.Escape($"[{string.Join(", ", tensor.Shape)}]"),
                Count(tensor.Bytes));
        }

        terminal.Write(table);
        string place = listing.Place is { Length: > 0 } named ? $" under '{named}'" : "";
        terminal.Output.WriteLine($"{path}: {Describe(listing.Format)}, {Count(listing.Tensors.Count)} tensors{place}, "
            + $"{Count(listing.ElementCount)} numbers, {Count(listing.ByteCount)} bytes");
        if (listing.OtherTensors.Count > 0)
        {
            terminal.Output.WriteLine($"besides them {Count(listing.OtherTensors.Count)} tensors, "
                + $"{Count(listing.OtherTensors.Sum(t => t.Bytes))} bytes, such as {listing.OtherTensors[0].Name}");
        }

        foreach (ListedValue value in listing.Values.Take(ValuesShown))
        {
            terminal.Output.WriteLine($"  {value.Place}: {value.Text}");
        }

        if (listing.Values.Count > ValuesShown)
        {
            terminal.Output.WriteLine($"  ... and {listing.Values.Count - ValuesShown} more values");
        }

        foreach (ListedValue refused in listing.Refused)
        {
            terminal.Error.WriteLine($"refused, never executed: {refused.Place}: {refused.Text}");
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
