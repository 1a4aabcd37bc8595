namespace Retort.Detection.Priors;

/// <summary>
/// Lays the same base boxes on every cell of every level of a pyramid. Grids are kept by the sizes of their maps, so that training on a few
/// sizes computes each once. May be used by several threads.
/// </summary>
public sealed class PriorGenerator
{
    private const int MaximumKept = 64;
    private readonly Dictionary<string, PriorGrid> _kept = [];
    private readonly float[][] _baseBoxes;
    private readonly bool _centred;
    private readonly double? _allowedBorder;

    private PriorGenerator(IReadOnlyList<int> strides, float[][] baseBoxes, bool centred, double? allowedBorder) =>
        (Strides, _baseBoxes, _centred, _allowedBorder) = (strides, baseBoxes, centred, allowedBorder);

    /// <summary>Pixels between neighbouring cells of each level, finest first.</summary>
    public IReadOnlyList<int> Strides { get; }

    /// <summary>Priors per cell.</summary>
    public int PerCell => _baseBoxes[0].Length / 4;

    /// <summary>
    /// Anchors: on each cell one for each ratio and scale, ratio by ratio. Their centres stand on (column * stride, row * stride), not in
    /// the middle of the cell. GFL and ATSS: scale 8, ratio 1; RetinaNet: scales 4 * 2^(i/3), ratios 1/2, 1, 2.
    /// </summary>
    /// <param name="strides">Pixels between neighbouring cells of each level, finest first.</param>
    /// <param name="octaveBaseScale">Side of the smallest square anchor in strides.</param>
    /// <param name="scalesPerOctave">Scales s * 2^(i/n), i = 0..n-1.</param>
    /// <param name="ratios">Height over width of the anchors; the area stays.</param>
    /// <param name="centred">Puts the centres where <see cref="Points"/> are, for the preset anchors of a detector of points.</param>
    /// <param name="allowedBorder">See <see cref="PriorGrid.AllowedBorder"/>; null in all published recipes.</param>
    /// <exception cref="ArgumentException">A list is empty, a number not positive or the border negative.</exception>
    public static PriorGenerator Anchors(
        IReadOnlyList<int> strides, double octaveBaseScale = 8, int scalesPerOctave = 1, IReadOnlyList<double>? ratios =
            null, bool centred = false, double? allowedBorder = null)
    {
        ratios ??= [1.0];
        if (strides.Count == 0 || ratios.Count == 0 || scalesPerOctave < 1 || octaveBaseScale <= 0 || strides.Any(s => s <= 0)
            || ratios.Any(r => r <= 0) || allowedBorder < 0)
        {
            throw new ArgumentException(
                "anchors need at least one stride, scale and ratio, all of them above zero, and a border that is not negative");
        }

        return new PriorGenerator(strides, [.. strides.Select(s => BaseAnchors(s, octaveBaseScale, scalesPerOctave, ratios))], centred,
            allowedBorder);
    }

    /// <summary>Points (FCOS): one box without extent at (column * stride + stride / 2, row * stride + stride / 2) of each cell.</summary>
    /// <param name="strides">Pixels between neighbouring cells of each level, finest first.</param>
    public static PriorGenerator Points(IReadOnlyList<int> strides) =>
        new(strides, [.. strides.Select(_ => new float[4])], centred: true, allowedBorder: null);

    /// <summary>The priors for maps of the given sizes.</summary>
    /// <param name="levels">Height and width of each level's map, finest first.</param>
    /// <exception cref="ArgumentException">The number of levels differs from the number of strides.</exception>
    public PriorGrid Grid(IReadOnlyList<(int Height, int Width)> levels)
    {
        if (levels.Count != Strides.Count)
        {
            throw new ArgumentException($"{levels.Count} maps, but priors are made for {Strides.Count} levels");
        }

        string key = string.Join(' ', levels);
        lock (_kept)
        {
            if (_kept.TryGetValue(key, out PriorGrid? known))
            {
                return known;
            }

            if (_kept.Count == MaximumKept)
            {
                _kept.Clear();
            }

            return _kept[key] = Build(levels);
        }
    }

    // In float32 and in the order ratio * stride * scale, as published detectors were trained with.
    private static float[] BaseAnchors(int stride, double baseScale, int scalesPerOctave, IReadOnlyList<double> ratios)
    {
        var boxes = new List<float>();
        foreach (double ratio in ratios)
        {
            float heightFactor = MathF.Sqrt((float)ratio);
            float widthFactor = 1 / heightFactor;
            for (int i = 0; i < scalesPerOctave; i++)
            {
                float scale = (float)(Math.Pow(2, (double)i / scalesPerOctave) * baseScale);
                (float halfWidth, float halfHeight) = (0.5f * (stride * widthFactor * scale), 0.5f * (stride * heightFactor * scale));
                boxes.AddRange([-halfWidth, -halfHeight, halfWidth, halfHeight]);
            }
        }

        return [.. boxes];
    }

    private PriorGrid Build(IReadOnlyList<(int Height, int Width)> sizes)
    {
        var levels = new List<PriorLevel>();
        int start = 0;
        foreach (((int height, int width), int stride) in sizes.Zip(Strides))
        {
            levels.Add(new PriorLevel(height, width, stride, start, height * width * PerCell));
            start += levels[^1].Count;
        }

        var boxes = new float[4 * start];
        for (int l = 0; l < levels.Count; l++)
        {
            Fill(boxes.AsSpan(4 * levels[l].Start, 4 * levels[l].Count), levels[l], _baseBoxes[l]);
        }

        return new PriorGrid(boxes, levels, PerCell) { AllowedBorder = _allowedBorder };
    }

    private void Fill(Span<float> target, PriorLevel level, float[] baseBoxes)
    {
        int offset = _centred ? level.Stride / 2 : 0;
        int next = 0;
        for (int cell = 0; cell < level.Height * level.Width; cell++)
        {
            float x = (cell % level.Width * level.Stride) + offset;
            float y = (cell / level.Width * level.Stride) + offset;
            for (int k = 0; k < baseBoxes.Length; k++)
            {
                target[next++] = baseBoxes[k] + (k % 2 == 0 ? x : y);
            }
        }
    }
}
