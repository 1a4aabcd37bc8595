using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Imaging;
using Retort.Vision.Loading;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Loading;

public sealed class RotatedLoadingTests : IDisposable
{
    private readonly MemoryDataset _dataset = new(2);

    public void Dispose() => _dataset.Dispose();

    private BatchItem Load(PipelineOptions pipeline, int index = 1)
    {
        var loader = new DataLoader(_dataset, pipeline, new DataLoaderOptions
        {
            BatchSize = 1,
            Workers = 1,
            Shuffle = false,
            AspectGrouping = false
        });
        foreach (ImageBatch batch in loader.Epoch(0))
        {
            using (batch)
            {
                if (batch.Items[0].Index == index)
                {
                    return batch.Items[0];
                }
            }
        }

        throw new InvalidOperationException("the image was not loaded");
    }

    private static PipelineOptions Pipeline(ImageSize size) =>
        new() { Scales = [new(2 * size.Width, 2 * size.Height)], FlipProbability = 0 };

    private ImageSize Size => new(_dataset[1].Width, _dataset[1].Height);

    [Fact]
    public void Horizontal_data_sets_have_no_rotated_boxes() => Assert.Null(Load(Pipeline(Size)).RotatedBoxes);

    [Fact]
    public void Rotated_boxes_go_beside_those_that_enclose_them()
    {
        var shape = new RotatedBox(30, 20, 16, 8, 0.5f);
        _dataset.SetObjects(
            1, new RotatedAnnotation(shape, shape.Enclosing, 1), new RotatedAnnotation(shape, shape.Enclosing, 0, Difficult: true),
                new RotatedAnnotation(new RotatedBox(0, 20, 20, 10, MathF.PI / 2), new Box(0, 10, 5, 30), 0));
        BatchItem item = Load(Pipeline(Size) with { FlipProbability = 1 });
        Assert.Equal([1, 0], item.Labels);
        float[] expected = [2 * (Size.Width - 30), 40, 16, 32, (MathF.PI / 2) - 0.5f, 2 * Size.Width, 40, 40, 20, MathF.PI / 2];
        Near.Equal(expected, item.RotatedBoxes!.Numbers, 1e-5);
        Box enclosing = new RotatedBox(expected[0], expected[1], expected[2], expected[3], expected[4]).Enclosing;
        Near.Equal([enclosing.X1, enclosing.Y1, enclosing.X2, enclosing.Y2], item.Boxes[0], 1e-4);
        Assert.Equal(2f * Size.Width, item.Boxes[1][2]);
        Assert.Equal(1, item.IgnoredBoxes.Count);
    }

    [Fact]
    public void A_random_rotation_turns_pixels_and_boxes_alike()
    {
        using (var image = new Image(80, 60))
        {
            image.Pixels.Clear();
            for (int y = 16; y < 28; y++)
            {
                image.Row(y)[(40 * 3)..(64 * 3)].Fill(255);
            }

            ImageEncoder.Write(_dataset[1].Path.Replace(".jpg", ".png"), image);
        }

        var shape = new RotatedBox(52, 22, 24, 12, 0);
        _dataset.Records[1] = new ImageRecord(1, _dataset[1].Path.Replace(".jpg", ".png"), 80, 60,
            [new RotatedAnnotation(shape.In(AngleConvention.Oc), shape.Enclosing, 0)]);
        PipelineOptions pipeline = Pipeline(new ImageSize(80, 60)) with
        {
            RotationProbability = 1,
            RotationDegrees = 40,
            Mean = [0, 0, 0],
            Std = [255, 255, 255],
        };
        var loader = new DataLoader(_dataset, pipeline, new DataLoaderOptions { BatchSize = 1, Shuffle = false, AspectGrouping = false });
        using ImageBatch batch = loader.Epoch(0).Skip(1).First();
        BatchItem item = batch.Items[0];
        Assert.NotEqual(0, item.Geometry.Rotation);
        RotatedBox box = item.RotatedBoxes!.RotatedAt(0);
        Quadrilateral inner = (box with { Width = box.Width - 8, Height = box.Height - 8 }).Corners;
        Quadrilateral outer = (box with { Width = box.Width + 8, Height = box.Height + 8 }).Corners;
        double inside = 0, outside = 0;
        for (int y = 0; y < 120; y++)
        {
            for (int x = 0; x < 160; x++)
            {
                Quadrilateral pixel = new(x, y, x + 1, y, x + 1, y + 1, x, y + 1);
                float value = batch[0][(y * batch.Width) + x];
                inside += inner.IntersectionArea(pixel) > 0.999 ? 1 - value : 0;
                outside += outer.IntersectionArea(pixel) > 0 ? 0 : value;
            }
        }

        Assert.Equal(0, inside, 1e-3);
        Assert.Equal(0, outside, 1e-3);
    }

    [Fact]
    public void Objects_that_are_turned_out_of_the_image_are_dropped()
    {
        var corner = new RotatedBox(3, 3, 4, 4, 0);
        var middle = new RotatedBox(Size.Width / 2f, Size.Height / 2f, 10, 6, 1);
        _dataset.SetObjects(1, new RotatedAnnotation(corner, corner.Enclosing, 0), new RotatedAnnotation(middle, middle.Enclosing, 1));
        var geometry = new SampleGeometry(Size, Size, Size, false, false) { Rotation = Math.PI / 4 };
        BatchItem item = ObjectSelection.ToItem(1, _dataset[1], geometry, 1);
        Assert.Equal([1], item.Labels);
        Assert.Equal(1, item.RotatedBoxes!.Count);
    }
}
