using Retort.Core.Options;

namespace Retort.Vision.Splitting;

/// <summary>What makes an object count as cut by the edge of its window, which its label says by the difficulty 2.</summary>
public enum TruncationRule
{
    /// <summary>
    /// As in the authors' tool: the part inside over the area is less than 1, where the area was rounded to single precision. So about half
    /// of the objects that lie wholly inside are marked as well.
    /// </summary>
    Reference,

    /// <summary>A corner lies outside the window.</summary>
    Exact,
}

/// <summary>How large images are split into windows; the defaults are those of the authors' single-scale split of DOTA.</summary>
public sealed record SplitOptions : IOptionsTogether
{
    /// <summary>Sides of the windows in pixels at rate 1, 16 to 16384. Default: 1024.</summary>
    [Within(16, 16384)]
    public IReadOnlyList<int> Sizes { get; init; } = [1024];

    /// <summary>
    /// Least overlap of neighbouring windows in pixels at rate 1, 0 or more and below the size; one for each of <see cref="Sizes"/>.
    /// Default: 200.
    /// </summary>
    [Within(0, 16384)]
    public IReadOnlyList<int> Gaps { get; init; } = [200];

    /// <summary>
    /// Scales, above 0 and up to 16: windows of size / rate are cut, which training resizes to one size. Default: 1; the authors'
    /// multi-scale split has 0.5, 1 and 1.5 with a gap of 500.
    /// </summary>
    [Within(0, 16, Above = true)]
    public IReadOnlyList<double> Rates { get; init; } = [1];

    /// <summary>
    /// Least share of a window that the image must fill, 0 to below 1; where no window has it, those that come nearest are kept. Default:
    /// 0.6.
    /// </summary>
    [Within(0, 1, Below = true)]
    public double ImageShare { get; init; } = 0.6;

    /// <summary>
    /// Least share of an object's area that must lie in a window for its label to be there, above 0 and up to 1. Default: 0.7.
    /// </summary>
    [Within(0, 1, Above = true)]
    public double ObjectShare { get; init; } = 0.7;

    /// <summary>Which objects are marked as cut. Default: the authors'.</summary>
    public TruncationRule Truncation { get; init; } = TruncationRule.Reference;

    /// <summary>Whether windows without objects are left out. Default: no, they are negatives.</summary>
    public bool SkipEmpty { get; init; }

    /// <summary>Images that are worked on at the same time, 1 to 256; 0 for one a processor. Default: 0.</summary>
    [Within(0, 256)]
    public int Threads { get; init; }

    /// <summary>
    /// Bytes of pixels that may be held at the same time, 1 MiB or more; a single image may take more where its format cannot be read in
    /// parts. Default: 1 GiB.
    /// </summary>
    [Within(1 << 20)]
    public long MemoryLimit { get; init; } = 1L << 30;

    /// <summary>Size and gap of the windows of every rate, in pixels.</summary>
    internal IReadOnlyList<(int Size, int Gap)> Grids =>
        [.. Rates.SelectMany(rate => Sizes.Zip(Gaps, (size, gap) => ((int)(size / rate), (int)(gap / rate))))];

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Sizes.Count == 0)
        {
            problems.Refuse("sizes", $"{problems.Name("sizes")} needs one or more sides in pixels");
        }

        if (Gaps.Count != Sizes.Count || Gaps.Zip(Sizes).Any(pair => pair.First >= pair.Second))
        {
            problems.Refuse("gaps",
                $"{problems.Name("gaps")} is {string.Join(", ", Gaps)}, but it must be one overlap for each size, smaller than it");
        }

        if (Rates.Count == 0 || Grids.Any(grid => grid.Size is < 16 or > 65536 || grid.Gap >= grid.Size))
        {
            problems.Refuse(
                "rates", $"{problems.Name("rates")} is {string.Join(", ", Rates)}, but it must be one or more scales such that size / "
                    + "rate is from 16 to 65536 pixels");
        }
    }
}
