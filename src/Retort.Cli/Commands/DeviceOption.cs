using System.CommandLine;
using Retort.Training.Recipes;

namespace Retort.Cli.Commands;

/// <summary>The option <c>--device</c> of commands that use a trained detector.</summary>
internal static class DeviceOption
{
    public static Option<string?> Create()
    {
        Option<string?> option = new("--device") { Description = "Where to compute: auto, cpu or cuda; by default as the recipe in the checkpoint says.", HelpName = "device" };
        option.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        return option;
    }

    /// <summary>The change of the recipe that the option asks for.</summary>
    public static Func<Recipe, Recipe> Change(string? device) =>
        recipe => device is null ? recipe : recipe with { Device = Enum.Parse<DeviceKind>(device, ignoreCase: true) };
}
