using Retort.Core.Options;

namespace Retort.Vision.Synthesis;

/// <summary>What a drawn data set looks like. The same options give the same files, whatever the number of threads.</summary>
public sealed record SyntheticOptions : IOptionsTogether
{
    /// <summary>Seed of everything random. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Number of training images, 1 or more. Default 200.</summary>
    [Within(1)]
    public int TrainImages { get; init; } = 200;

    /// <summary>Number of validation images, 1 or more. Default 60.</summary>
    [Within(1)]
    public int ValidationImages { get; init; } = 60;

    /// <summary>Width of the images in pixels, 32 to 4096. Default 160.</summary>
    [Within(32, 4096)]
    public int Width { get; init; } = 160;

    /// <summary>Height of the images in pixels, 32 to 4096. Default 160.</summary>
    [Within(32, 4096)]
    public int Height { get; init; } = 160;

    /// <summary>
    /// The fewest objects drawn into an image, 1 or more. Default 2. Hidden ones are left out of the annotations, so fewer may remain.
    /// </summary>
    [Within(1)]
    public int MinObjects { get; init; } = 2;

    /// <summary>The most objects drawn into an image, at least <see cref="MinObjects"/>. Default 7.</summary>
    [Within(1)]
    public int MaxObjects { get; init; } = 7;

    /// <summary>The smallest diameter of an object as a share of the image's shorter side, above 0. Default 0.12.</summary>
    [Within(0, 1, Above = true)]
    public float MinSize { get; init; } = 0.12f;

    /// <summary>
    /// The largest diameter of an object as a share of the image's shorter side, at least <see cref="MinSize"/>, up to 1. Default 0.45.
    /// </summary>
    [Within(0, 1, Above = true)]
    public float MaxSize { get; init; } = 0.45f;

    /// <summary>From 0 (crisp shapes on calm ground) to 1 (blurred, faint, noisy, cluttered). Default 0.6.</summary>
    [Within(0, 1)]
    public float Difficulty { get; init; } = 0.6f;

    /// <summary>
    /// Whether the objects are long and lie in any direction, with rotated boxes in label files of DOTA's form. Default: no.
    /// </summary>
    public bool Rotated { get; init; }

    /// <summary>
    /// Whether the files are PNG instead of JPEG (quality 95). PNG keeps every bit, at about five times the size. Default: no.
    /// </summary>
    public bool Png { get; init; }

    /// <summary>Most threads at work; 0 for one a processor. Default 0.</summary>
    [Within(0)]
    public int Threads { get; init; }

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (MaxObjects < MinObjects)
        {
            problems.Refuse("maxObjects", $"{problems.Name("maxObjects")} is {MaxObjects}, but it must be at least "
                + $"{problems.Name("minObjects")}, which is {MinObjects}");
        }

        if (MaxSize < MinSize)
        {
            problems.Refuse("maxSize", FormattableString.Invariant(
                $"{problems.Name("maxSize")} is {MaxSize}, but it must be at least {problems.Name("minSize")}, which is {MinSize}"));
        }
    }
}
