using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Tests.PostProcessing;

public class DensePostProcessorTests : TensorTest
{
    [Fact]
    public void What_a_diverged_network_gives_is_no_detection()
    {
        var processor = new DensePostProcessor(PriorGenerator.Anchors([8]), new PostProcessingOptions());
        float[] boxes = new float[4 * 3 * 2];
        boxes[0] = float.NaN;
        float[] centerness = [5, 5];
        Detections Found() => processor.Process(
            new DenseOutput([new LevelOutput(TestTensor.Ones([1, 1, 1, 2]), TestTensor.From(boxes, 1, 12, 1, 2),
                TestTensor.From(centerness, 1, 1, 1, 2))], []), [new ImagePlacement(8, 16)], new DistanceCoding())[0];

        // Of the two cells the first has a box without numbers, and then the second has no score either.
        Assert.Equal([0, 0, 16, 8], Found().Boxes.ToArray());
        centerness[1] = float.NaN;
        Assert.Equal(0, Found().Count);
    }
}
