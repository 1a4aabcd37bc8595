using System.Numerics;
using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Synthesis;

/// <summary>One picture: ground, clutter, objects that cover each other, things in front, then blur and noise as a camera adds.</summary>
internal sealed class Scene
{
    // An object of which less than this is seen is not annotated.
    private const float LeastVisible = 0.2f;

    private static readonly string[] UprightNames = ["disc", "square", "triangle", "star"];
    private static readonly string[] RotatedNames = ["oval", "bar", "wedge", "arrow"];

    private readonly SyntheticOptions _options;
    private readonly SceneRandom _random;
    private readonly Canvas _canvas;
    private readonly float _side;
    private readonly List<DrawnObject> _drawn = [];

    private Scene(SyntheticOptions options, SceneRandom random)
    {
        (_options, _random) = (options, random);
        _canvas = new Canvas(options.Width, options.Height);
        _side = Math.Min(options.Width, options.Height);
    }

    /// <summary>The classes; position = label.</summary>
    public static IReadOnlyList<string> ClassNames(bool rotated) => rotated ? RotatedNames : UprightNames;

    /// <summary>Draws a picture into <paramref name="bgr"/> ([height, width, 3], BGR) and returns its objects.</summary>
    public static List<ObjectAnnotation> Draw(SyntheticOptions options, int split, int index, Span<byte> bgr)
    {
        Scene scene = new(options, new SceneRandom(options.Seed, split, index));
        float hard = options.Difficulty;
        scene.DrawGround();
        scene.DrawClutter(scene._random.Whole(0, (int)(2 + (10 * hard))));
        scene.DrawObjects();
        scene.DrawClutter(scene._random.Whole(0, (int)(5 * hard)));
        float blur = scene._random.Range(0f, 1.3f * hard);
        if (blur > 0.3f)
        {
            scene._canvas.Blur(blur);
        }

        scene._canvas.Write(bgr, scene._random, scene._random.Range(0f, 0.06f * hard), scene._random.Range(0f, 0.12f * hard));
        return scene.Annotations();
    }

    private void DrawGround()
    {
        Vector3 from = Colour(0.1f, 0.9f);
        Vector3 to = Vector3.Lerp(from, Colour(0.1f, 0.9f), _random.Range(0.2f, 0.8f));
        Vector3 grain = (Colour(0f, 1f) - new Vector3(0.5f)) * _random.Range(0.1f, 0.2f + (0.4f * _options.Difficulty));
        ValueNoise noise = new(_random, _random.LogRange(0.06f, 0.5f) * _side, 3);
        float turn = _random.Range(0f, MathF.Tau);
        Vector2 across = new Vector2(MathF.Cos(turn), MathF.Sin(turn)) / _side;
        Vector2 centre = new(_options.Width / 2f, _options.Height / 2f);
        for (int y = 0; y < _canvas.Height; y++)
        {
            for (int x = 0; x < _canvas.Width; x++)
            {
                float t = Math.Clamp(0.5f + (0.7f * Vector2.Dot(new Vector2(x, y) - centre, across)), 0f, 1f);
                _canvas[x, y] = Vector3.Lerp(from, to, t) + (grain * noise.At(x, y));
            }
        }
    }

    // Bars, blobs and crosses that belong to no class.
    private void DrawClutter(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Vector2 centre = new(_random.Range(0f, _options.Width), _random.Range(0f, _options.Height));
            float angle = _random.Range(0f, MathF.PI);
            float thickness = _random.LogRange(0.008f, 0.03f) * _side;

            // Long enough that none can be taken for a square or a disc.
            float stretch = _random.LogRange(2.5f, 5f);
            Paint paint = NewPaint(centre, 2f * stretch * thickness);
            switch (_random.Whole(0, 2))
            {
                case 0:
                    Fill(Bar(centre, 3f * stretch * thickness, thickness, angle), paint);
                    break;
                case 1:
                    Fill(Bar(centre, stretch * thickness, thickness, angle), paint);
                    Fill(Bar(centre, stretch * thickness, thickness, angle + (MathF.PI / 2)), paint);
                    break;
                default:
                    Fill(Shape.Ellipse(centre, new Vector2(stretch * thickness, thickness), angle), paint);
                    break;
            }
        }
    }

    private void DrawObjects()
    {
        int count = _random.Whole(_options.MinObjects, _options.MaxObjects);
        for (int i = 0; i < count; i++)
        {
            // A few tries to find a place that does not bury another object wholly; the last one is taken as it is.
            int label = _random.Whole(0, UprightNames.Length - 1);
            float diameter = _random.LogRange(_options.MinSize, _options.MaxSize) * _side;
            (Shape shape, Vector2 centre) = NewShape(label, diameter);
            for (int attempt = 0; attempt < 8 && _drawn.Any(d => Overlap(d.Shape.Bounds, shape.Bounds) > 0.45f); attempt++)
            {
                (shape, centre) = NewShape(label, diameter);
            }

            Paint paint = NewPaint(centre, diameter);
            DrawShadow(shape, centre, diameter);
            _drawn.Add(new DrawnObject(label, shape, Fill(shape, paint)));
        }
    }

    // A shadow has an edge of its own beside the true one.
    private void DrawShadow(Shape shape, Vector2 centre, float diameter)
    {
        if (_random.Chance(0.7f * _options.Difficulty))
        {
            float turn = _random.Range(0f, MathF.Tau);
            Vector2 shift = new Vector2(MathF.Cos(turn), MathF.Sin(turn)) * (_random.Range(0.03f, 0.1f) * diameter);
            Fill(shape.Moved(shift), Paint.Shadow(centre, _random.Range(0.15f, 0.5f), MathF.Max(0.06f * diameter, 1f)));
        }
    }

    private (Shape Shape, Vector2 Centre) NewShape(int label, float diameter)
    {
        Vector2 centre = new(_random.Range(0f, _options.Width), _random.Range(0f, _options.Height));
        Vector2 radii = new(diameter / 2f, diameter / 2f * _random.Range(0.75f, 1f));
        float angle = _random.Range(0f, MathF.Tau);
        Shape shape = _options.Rotated ? LongShape(label, centre, diameter / 2f, angle) : label switch
        {
            0 => Shape.Ellipse(centre, radii, angle),
            1 => Shape.Polygon(centre, radii, angle, Shape.RegularCorners(4)),
            2 => Shape.Polygon(centre, radii, angle, Shape.RegularCorners(3)),
            _ => Shape.Polygon(centre, radii, angle, Shape.StarCorners(5, 0.45f)),
        };
        return (shape, centre);
    }

    // From two to four times as long as wide. Of wedge and arrow one end can be told from the other; their boxes cannot.
    private Shape LongShape(int label, Vector2 centre, float radius, float angle)
    {
        Vector2 radii = new(radius, radius * _random.Range(0.25f, 0.5f));
        return label switch
        {
            0 => Shape.Ellipse(centre, radii, angle),
            1 => Shape.Polygon(centre, radii, angle, [new(-1, -1), new(1, -1), new(1, 1), new(-1, 1)]),
            2 => Shape.Polygon(centre, radii, angle, [new(-1, -1), new(1, 0), new(-1, 1)]),
            _ => Shape.Polygon(centre, radii, angle, [new(-1, -0.4f), new(0.2f, -0.4f), new(0.2f, -1), new(1, 0), new(0.2f, 1),
                new(0.2f, 0.4f), new(-1, 0.4f)]),
        };
    }

    private Paint NewPaint(Vector2 centre, float diameter)
    {
        float hard = _options.Difficulty;
        int reach = (int)MathF.Ceiling(diameter / 2f);
        Vector3 ground = _canvas.Mean((int)centre.X - reach, (int)centre.Y - reach, (int)centre.X + reach, (int)centre.Y + reach);
        float contrast = _random.LogRange(0.5f - (0.36f * hard), 0.6f);
        float softest = MathF.Min(0.8f + (6f * hard * _side / 160f), MathF.Max(0.16f * diameter, 0.8f));
        return Paint.Random(_random, ground, centre, diameter, contrast, _random.LogRange(0.7f, MathF.Max(softest, 0.71f)), hard);
    }

    /// <summary>Draws a shape and takes what it covers from the objects below; returns its own cover.</summary>
    private CoverMap Fill(Shape shape, Paint paint)
    {
        CoverMap cover = new(shape.Bounds, paint.Softness);
        for (int y = cover.Top; y < cover.Bottom; y++)
        {
            for (int x = cover.Left; x < cover.Right; x++)
            {
                Vector2 point = new(x + 0.5f, y + 0.5f);
                float alpha = paint.Cover(point, shape.Distance(point));
                cover.Set(x, y, alpha);
                if (alpha > 0f && x >= 0 && y >= 0 && x < _canvas.Width && y < _canvas.Height)
                {
                    ref Vector3 pixel = ref _canvas[x, y];
                    pixel = Vector3.Lerp(pixel, paint.Colour(point), alpha);
                }
            }
        }

        foreach (DrawnObject below in _drawn)
        {
            below.Cover.Hide(cover);
        }

        return cover;
    }

    private List<ObjectAnnotation> Annotations() =>
    [
        .. _drawn
            .Select(d => (d, Box: d.Shape.Bounds.Clip(_options.Width, _options.Height)))
            .Where(e => e.d.Cover.VisibleShare(_options.Width, _options.Height) >= LeastVisible && e.Box.Width >= 3f && e.Box.Height >= 3f)
            .Select(e => _options.Rotated
                ? new RotatedAnnotation(e.d.Shape.Oriented.In(AngleConvention.Oc), e.Box, e.d.Label)
                : new ObjectAnnotation(e.Box, e.d.Label, IsCrowd: false, e.Box.Area)),
    ];

    // Half way to grey: the pictures should not be told apart by gaudy colours alone.
    private Vector3 Colour(float from, float to)
    {
        Vector3 colour = new(_random.Range(from, to), _random.Range(from, to), _random.Range(from, to));
        return Vector3.Lerp(colour, new Vector3((colour.X + colour.Y + colour.Z) / 3f), _random.Range(0.2f, 0.7f));
    }

    private static Shape Bar(Vector2 centre, float length, float thickness, float angle) =>
        Shape.Polygon(centre, new Vector2(length, thickness), angle, [new(-1, -1), new(1, -1), new(1, 1), new(-1, 1)]);

    // Intersection over the smaller area.
    private static float Overlap(Box a, Box b)
    {
        Box both = new(Math.Max(a.X1, b.X1), Math.Max(a.Y1, b.Y1), Math.Min(a.X2, b.X2), Math.Min(a.Y2, b.Y2));
        return both.Area / Math.Min(a.Area, b.Area);
    }

    private sealed record DrawnObject(int Label, Shape Shape, CoverMap Cover);
}
