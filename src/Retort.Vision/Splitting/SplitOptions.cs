using Retort.Vision.Transforms;

namespace Retort.Vision.Splitting;

/// <summary>What makes an object count as cut by the edge of its window, which its label says by the difficulty 2.</summary>
public enum TruncationRule
{
    /// <summary>
    /// As in the authors' tool: the part inside over the area is less than 1, where the area was rounded to single precision. So about half of the objects
    /// that lie wholly inside are marked as well.
    /// </summary>
    Reference,

    /// <summary>A corner lies outside the window.</summary>
    Exact,
}

/// <summary>How large images are split into windows; the defaults are those of the authors' single-scale split of DOTA.</summary>
public sealed record SplitOptions
{
    /// <summary>Sides of the windows in pixels at rate 1, 16 to 16384. Default: 1024.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [1024];

    /// <summary>Least overlap of neighbouring windows in pixels at rate 1, 0 or more and below the size; one for each of <see cref="Sizes"/>. Default: 200.</summary>
    public IReadOnlyList<int> Gaps { get; init; } = [200];

    /// <summary>
    /// Scales, above 0 and up to 16: windows of size / rate are cut, which training resizes to one size. Default: 1; the authors' multi-scale split has 0.5, 1 and 1.5
    /// with a gap of 500.
    /// </summary>
    public IReadOnlyList<double> Rates { get; init; } = [1];

    /// <summary>Least share of a window that the image must fill, 0 to below 1; where no window has it, those that come nearest are kept. Default: 0.6.</summary>
    public double ImageShare { get; init; } = 0.6;

    /// <summary>Least share of an object's area that must lie in a window for its label to be there, above 0 and up to 1. Default: 0.7.</summary>
    public double ObjectShare { get; init; } = 0.7;

    /// <summary>Which objects are marked as cut. Default: the authors'.</summary>
    public TruncationRule Truncation { get; init; } = TruncationRule.Reference;

    /// <summary>Whether windows without objects are left out. Default: no, they are negatives.</summary>
    public bool SkipEmpty { get; init; }

    /// <summary>Images that are worked on at the same time, 1 to 256; 0 for one a processor. Default: 0.</summary>
    public int Threads { get; init; }

    /// <summary>Bytes of pixels that may be held at the same time, 1 MiB or more; a single image may take more where its format cannot be read in parts. Default: 1 GiB.</summary>
    public long MemoryLimit { get; init; } = 1L << 30;

    /// <summary>Size and gap of the windows of every rate, in pixels.</summary>
    internal IReadOnlyList<(int Size, int Gap)> Grids =>
        [.. Rates.SelectMany(rate => Sizes.Zip(Gaps, (size, gap) => ((int)(size / rate), (int)(gap / rate))))];

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InvalidOptionException">A value is outside its range.</exception>
    public void Validate()
    {
        Check(Sizes.Count > 0 && Sizes.All(s => s is >= 16 and <= 16384), "sizes", string.Join(", ", Sizes), "one or more sides between 16 and 16384 pixels");
        Check(Gaps.Count == Sizes.Count && Gaps.Zip(Sizes).All(p => p.First >= 0 && p.First < p.Second), "gaps", string.Join(", ", Gaps), "one overlap for each size, 0 or more and smaller than it");
        Check(Rates.Count > 0 && Rates.All(r => r is > 0 and <= 16), "rates", string.Join(", ", Rates), "one or more scales above 0 and up to 16");
        Check(Grids.All(g => g.Size is >= 16 and <= 65536 && g.Gap < g.Size), "rates", string.Join(", ", Rates), "such that size / rate is between 16 and 65536 pixels");
        Check(ImageShare is >= 0 and < 1, "image_share", ImageShare, "a share of at least 0 and below 1");
        Check(ObjectShare is > 0 and <= 1, "object_share", ObjectShare, "a share above 0 and up to 1");
        Check(Enum.IsDefined(Truncation), "truncation", Truncation, "reference or exact");
        Check(Threads is >= 0 and <= 256, "threads", Threads, "between 0 and 256");
        Check(MemoryLimit >= 1 << 20, "memory_limit", MemoryLimit, "at least 1 MiB");
    }

    private static void Check(bool holds, string option, object? value, string requirement) => InvalidOptionException.ThrowUnless(holds, "split." + option, value, requirement);
}
