namespace Retort.Vision.Synthesis;

/// <summary>What a drawn data set looks like. The same options give the same files, whatever the number of threads.</summary>
public sealed record SyntheticOptions
{
    /// <summary>Seed of everything random. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Number of training images, 1 or more. Default 200.</summary>
    public int TrainImages { get; init; } = 200;

    /// <summary>Number of validation images, 1 or more. Default 60.</summary>
    public int ValidationImages { get; init; } = 60;

    /// <summary>Width of the images in pixels, 32 to 4096. Default 160.</summary>
    public int Width { get; init; } = 160;

    /// <summary>Height of the images in pixels, 32 to 4096. Default 160.</summary>
    public int Height { get; init; } = 160;

    /// <summary>The fewest objects drawn into an image, 1 or more. Default 2. Hidden ones are left out of the annotations, so fewer may remain.</summary>
    public int MinObjects { get; init; } = 2;

    /// <summary>The most objects drawn into an image, at least <see cref="MinObjects"/>. Default 7.</summary>
    public int MaxObjects { get; init; } = 7;

    /// <summary>The smallest diameter of an object as a share of the image's shorter side, above 0. Default 0.12.</summary>
    public float MinSize { get; init; } = 0.12f;

    /// <summary>The largest diameter of an object as a share of the image's shorter side, at least <see cref="MinSize"/>, up to 1. Default 0.45.</summary>
    public float MaxSize { get; init; } = 0.45f;

    /// <summary>From 0 (crisp shapes on calm ground) to 1 (blurred, faint, noisy, cluttered). Default 0.6.</summary>
    public float Difficulty { get; init; } = 0.6f;

    /// <summary>Whether the objects are long and lie in any direction, with rotated boxes in label files of DOTA's form. Default: no.</summary>
    public bool Rotated { get; init; }

    /// <summary>Whether the files are PNG instead of JPEG (quality 95). PNG keeps every bit, at about five times the size. Default: no.</summary>
    public bool Png { get; init; }

    /// <summary>Most threads at work; 0 for one a processor. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Checks every range.</summary>
    /// <exception cref="SynthesisException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(TrainImages >= 1, nameof(TrainImages), TrainImages, "1 or more");
        Require(ValidationImages >= 1, nameof(ValidationImages), ValidationImages, "1 or more");
        Require(Width is >= 32 and <= 4096, nameof(Width), Width, "32 to 4096");
        Require(Height is >= 32 and <= 4096, nameof(Height), Height, "32 to 4096");
        Require(MinObjects >= 1, nameof(MinObjects), MinObjects, "1 or more");
        Require(MaxObjects >= MinObjects, nameof(MaxObjects), MaxObjects, $"at least {nameof(MinObjects)}, which is {MinObjects}");
        Require(MinSize > 0 && MinSize <= 1, nameof(MinSize), MinSize, "above 0 and at most 1");
        Require(MaxSize >= MinSize && MaxSize <= 1, nameof(MaxSize), MaxSize, $"{nameof(MinSize)} to 1");
        Require(Difficulty is >= 0 and <= 1, nameof(Difficulty), Difficulty, "0 to 1");
        Require(Threads >= 0, nameof(Threads), Threads, "0 or more");
    }

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
        {
            throw new SynthesisException(FormattableString.Invariant($"{name} is {value}; it must be {range}"));
        }
    }
}
