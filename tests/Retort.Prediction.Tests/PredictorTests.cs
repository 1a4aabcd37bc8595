using Retort.Detection.Assigners;
using Retort.Detection.Backbones;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Prediction.Tests;

/// <summary>Prediction with a detector that was composed in code, without a recipe.</summary>
public class PredictorTests : LeakCheckedTest
{
    [Fact]
    public void Boxes_are_in_pixels_of_the_image_and_best_first()
    {
        using DenseDetector detector = Build();
        using var compiled = new CompiledDetector(detector);
        var pipeline = new PipelineOptions { Scales = [new ImageSize(64, 64)] }.ForEvaluation();
        using var image = new Image(40, 20);
        Detections found = new Predictor(compiled, pipeline, Device.Cpu).Detect(image);
        Assert.True(found.Count > 0);
        Assert.Equal(found.Scores.OrderDescending(), found.Scores);
        Assert.All(Enumerable.Range(0, found.Count).Select(found.Boxes.Enclosing), box => Assert.Equal(box.Clip(40, 20), box));
    }

    private static DenseDetector Build()
    {
        var backbone = new ResNet(new ResNetOptions { Depth = 18, Width = 0.125 });
        var neck = new FeaturePyramid(backbone.Maps, new FeaturePyramidOptions { Channels = 16, Levels = 3 });
        var priors = PriorGenerator.Anchors([.. neck.Maps.Select(map => map.Stride)]);
        var detector = new DenseDetector(
            backbone,
            neck,
            new DistributionHead(new DistributionHeadOptions
            {
                Classes = 2,
                InChannels = 16,
                Channels = 16,
                StackedConvs = 1,
                NormGroups = 4,
                RegMax = 8,
                Levels = 3
            }),
            new DistanceCoding(),
            new AtssAssigner(priors),
            new GflCriterion(new GflOptions()),
            new DensePostProcessor(priors, new PostProcessingOptions { ScoreThreshold = 0 }));
        detector.Evaluate();
        return detector;
    }
}
