using System.CommandLine;

namespace Retort.Cli.Prediction;

/// <summary>The option <c>--device</c> of commands that use a trained detector.</summary>
internal static class DeviceOption
{
    public static Option<string?> Create()
    {
        Option<string?> option = new("--device")
        {
            Description = "Where to compute: auto, cpu or cuda; by default as the recipe in the "
            + "checkpoint says.",
            HelpName = "device"
        };
        option.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        return option;
    }

    /// <summary>The override of the recipe in a checkpoint that the option stands for.</summary>
    public static IEnumerable<string> Override(string? device) => device is null ? [] : [$"device={device}"];
}
