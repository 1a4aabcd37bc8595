using Retort.Core.Options;
using CsCheck;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;
using Retort.Vision.Synthesis;

namespace Retort.Vision.Tests.Synthesis;

public sealed class SyntheticDatasetTests : IDisposable
{
    private static readonly SyntheticOptions Small = new() { TrainImages = 9, ValidationImages = 5, Width = 96, Height = 64, Seed = 11 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_seed_gives_the_same_files_on_any_number_of_threads(bool png)
    {
        SyntheticDataset.Generate(Small with { Threads = 1, Png = png }, Folder("one"));
        SyntheticDataset.Generate(Small with { Threads = 7, Png = png }, Folder("many"));
        string[] names = Files("one");
        Assert.Equal(9 + 5 + 2, names.Length);
        Assert.Equal(names, Files("many"));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("one"), name)),
            File.ReadAllBytes(Path.Combine(Folder("many"), name))));
    }

    [Fact]
    public void Seeds_splits_and_images_differ()
    {
        byte[][] pictures = [.. new[] { (Small, 0, 0), (Small, 0, 1), (Small, 1, 0), (Small with { Seed = 12 }, 0, 0) }.Select(
            p => Pixels(p.Item1, p.Item2, p.Item3))];
        Assert.Equal(4, pictures.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Fewer_images_are_the_first_of_more()
    {
        SyntheticDataset.Generate(Small with { TrainImages = 3, ValidationImages = 1 }, Folder("few"));
        SyntheticDataset.Generate(Small, Folder("more"));
        Assert.All(Files("few").Where(n => n.EndsWith(".jpg")), name =>
            Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("few"), name)), File.ReadAllBytes(Path.Combine(Folder("more"), name))));
    }

    [Fact]
    public void What_was_drawn_reads_strictly_and_every_image_has_its_size()
    {
        int told = 0;
        SyntheticSummary summary = SyntheticDataset.Generate(Small, Folder("data"), new Counter(() => Interlocked.Increment(ref told)));
        DatasetReadOptions strict = new() { Strict = true };
        CocoDataset train = CocoDataset.Read(summary.TrainAnnotations, summary.TrainImages, strict);
        CocoDataset validation = CocoDataset.Read(summary.ValidationAnnotations, summary.ValidationImages, strict);
        DatasetReport report = DatasetCheck.Run(new ConcatDataset(train, validation), train.Problems, decodeImages: true);
        Assert.Equal(SyntheticDataset.ClassNames, train.ClassNames);
        Assert.Equal((14, 14, 14, 0), (summary.Images, told, report.DecodedImages, report.Problems.Errors));
        Assert.Equal(summary.Objects, report.Objects);
    }

    [Fact]
    public void Rotated_boxes_read_strictly_and_are_those_that_were_drawn()
    {
        SyntheticOptions options = Small with { Rotated = true };
        SyntheticSummary summary = SyntheticDataset.Generate(options, Folder("turned"));
        DatasetReadOptions strict = new() { Strict = true, Classes = SyntheticDataset.RotatedClassNames };
        DotaDataset train = DotaDataset.Read(summary.TrainAnnotations, summary.TrainImages, options: strict);
        DotaDataset validation = DotaDataset.Read(summary.ValidationAnnotations, summary.ValidationImages, options: strict);
        Assert.Equal((9, 5), (train.Count, validation.Count));
        Assert.Equal(summary.Objects, Enumerable.Range(0, 9).Sum(i => train[i].Objects.Count) + Enumerable.Range(0, 5)
            .Sum(i => validation[i].Objects.Count));
        for (int k = 0; k < train.Count; k++)
        {
            (Image picture, IReadOnlyList<ObjectAnnotation> objects) = SyntheticDataset.Draw(options, 0, k);
            picture.Dispose();
            Assert.Equal(objects.Select(o => o.Label), train[k].Objects.Select(o => o.Label));
            Assert.All(objects.Zip(train[k].Objects), pair =>
            {
                (RotatedBox drawn, RotatedBox read) = (pair.First.Rotated!.Value, pair.Second.Rotated!.Value);
                Assert.InRange(Math.Abs(drawn.CentreX - read.CentreX) + Math.Abs(drawn.CentreY - read.CentreY), 0, 0.3);
                Assert.Equal(drawn.Area, read.Area, 0.1 * drawn.Area);
                Assert.InRange(Math.Max(read.Width, read.Height) / Math.Min(read.Width, read.Height), 1.5, 5);
            });
        }
    }

    [Fact]
    public void The_box_of_a_turned_outline_has_its_direction_and_touches_it()
    {
        Gen.Select(Gen.Float[-3, 3], Gen.Float[5, 40], Gen.Float[3, 20]).Sample((angle, length, width) =>
        {
            var centre = new System.Numerics.Vector2(50, 60);
            Shape[] shapes =
            [
                Shape.Ellipse(centre, new(length, width), angle),
                Shape.Polygon(centre, new(length, width), angle, [new(-1, -1), new(1, 0), new(-1, 1)]),
            ];
            Assert.All(shapes, shape =>
            {
                RotatedBox box = shape.Oriented;
                Assert.All(new[] { (50f, box.CentreX), (60f, box.CentreY), (2 * length, box.Width), (2 * width, box.Height) },
                    pair => Assert.Equal(pair.Item1, pair.Item2, 0.01f));
                Assert.InRange(Math.Abs(Math.IEEERemainder(box.Angle - angle, Math.Tau)), 0, 1e-4);
                (float x, float y) = (centre.X + (length * MathF.Cos(angle)), centre.Y + (length * MathF.Sin(angle)));
                Assert.InRange(shape.Distance(new(x, y)), -0.1f, 0.1f);
            });
        });
    }

    [Fact]
    public void Boxes_lie_within_the_image_and_have_a_class()
    {
        Gen.Select(Gen.Int[0, 1000], Gen.Int[32, 200], Gen.Int[32, 200], Gen.Float[0, 1], Gen.Int[0, 50]).Sample(
            (seed, width, height, difficulty, index) =>
            {
                SyntheticOptions options = new() { Seed = seed, Width = width, Height = height, Difficulty = difficulty };
                (Image picture, IReadOnlyList<ObjectAnnotation> objects) = SyntheticDataset.Draw(options, 0, index);
                using (picture)
                {
                    Assert.Equal((width, height), (picture.Width, picture.Height));
                    Assert.True(objects.Count <= options.MaxObjects);
                    Assert.All(objects, o =>
                    {
                        Assert.True(o.Box is { X1: >= 0, Y1: >= 0 } && o.Box.X2 <= width && o.Box.Y2 <= height && o.Box.Width >= 3
                            && o.Box.Height >= 3);
                        Assert.InRange(o.Label, 0, SyntheticDataset.ClassNames.Count - 1);
                    });
                }
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void Every_class_and_every_size_occurs_and_most_images_have_objects()
    {
        SyntheticOptions options = new();
        ObjectAnnotation[][] images = [.. Enumerable.Range(0, 60).Select(i =>
        {
            (Image picture, IReadOnlyList<ObjectAnnotation> objects) = SyntheticDataset.Draw(options, 0, i);
            picture.Dispose();
            return objects.ToArray();
        })];
        Assert.Equal([0, 1, 2, 3], images.SelectMany(o => o).Select(o => o.Label).Distinct().Order());
        Assert.True(images.Count(o => o.Length > 0) > 54);
        Assert.Contains(images.SelectMany(o => o), o => o.Area < 32 * 32);
        Assert.Contains(images.SelectMany(o => o), o => o.Area > 48 * 48);
    }

    [Fact]
    public void A_covered_object_loses_its_visible_share()
    {
        CoverMap below = Square(0, 0, 10);
        Assert.Equal(1f, below.VisibleShare(100, 100), 1e-5f);
        Assert.Equal(0.5f, below.VisibleShare(5, 100), 1e-5f);
        below.Hide(Square(0, 0, 5));
        Assert.Equal(0.75f, below.VisibleShare(100, 100), 1e-5f);
        below.Hide(Square(-3, -3, 20));
        Assert.Equal(0f, below.VisibleShare(100, 100));
    }

    [Theory]
    [InlineData("width", "from 32 to 4096")]
    [InlineData("maxObjects", "at least 'minObjects', which is 2")]
    [InlineData("difficulty", "from 0 to 1")]
    [InlineData("minSize", "above 0")]
    public void Options_out_of_range_are_named(string option, string range)
    {
        SyntheticOptions options = option switch
        {
            "width" => Small with { Width = 8 },
            "maxObjects" => Small with { MaxObjects = 1 },
            "minSize" => Small with { MinSize = 0 },
            _ => Small with { Difficulty = float.NaN },
        };
        OptionException e = Assert.Throws<OptionException>(() => SyntheticDataset.Generate(options, Folder("bad")));
        Assert.StartsWith($"'{option}' is ", e.Message);
        Assert.Contains(range, e.Message);
        Assert.False(Directory.Exists(Folder("bad")));
    }

    private static CoverMap Square(int left, int top, int side)
    {
        CoverMap map = new(new Box(left, top, left + side, top + side), 0);
        for (int y = top; y < top + side; y++)
        {
            for (int x = left; x < left + side; x++)
            {
                map.Set(x, y, 1f);
            }
        }

        return map;
    }

    private static byte[] Pixels(SyntheticOptions options, int split, int index)
    {
        using Image picture = SyntheticDataset.Draw(options, split, index).Picture;
        return picture.Pixels.ToArray();
    }

    private string Folder(string name) => Path.Combine(_folder.Path, name);

    private string[] Files(string name) =>
        [.. Directory.EnumerateFiles(Folder(name), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder(name), f))
            .Order(StringComparer.Ordinal)];

    private sealed class Counter(Action count) : IProgress<int>
    {
        public void Report(int value) => count();
    }
}
