using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Detection.Tests.Networks;

/// <summary>Small heads with the weights of the golden files; whole networks are in the tests of what builds them from recipes.</summary>
[Trait("Category", Golden.Category)]
public class HeadGoldenTests : LeakCheckedTest
{
    [Theory]
    [InlineData("head_forward_small_gfl", "gfl")]
    [InlineData("head_forward_small_gfocal", "gflv2")]
    public void A_small_head_gives_the_reference_predictions(string file, string detector)
    {
        SafetensorsFile golden = Golden.Read(file);
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using DistributionHead head = new DistributionHead(SmallHead(golden, Network.HeadOptions(detector))).OnTestDevice();
        Assert.Equal(
            golden.Tensors.Keys.Where(k => k.StartsWith("weight.")).Select(k => k["weight.".Length..]).Order(), head.NamedState()
                .Select(s => s.Name).Order());
        foreach ((string name, Tensor tensor) in head.NamedState())
        {
            StateDictionaries.LoadInto(tensor, name, golden.Tensors["weight." + name]);
        }

        DenseOutput output = head.Forward([.. Enumerable.Range(0, 5).Select(k => TestTensor.From(golden.Tensors[$"x.{k}"]))]);
        for (int k = 0; k < 5; k++)
        {
            LevelOutput level = output.Levels[k];
            Near.Equal(golden.Tensors[$"cls_score.{k}"], level.ScoreMap, 1e-5);
            Near.Equal(golden.Tensors[$"bbox_pred.{k}"], level.BoxLogits, 1e-5);
            if (level.ScoresAreProbabilities)
            {
                Near.Equal(golden.Tensors[$"cls_logit.{k}"], level.ClassLogits, 1e-5);
            }
        }
    }

    private static DistributionHeadOptions SmallHead(SafetensorsFile golden, DistributionHeadOptions options)
    {
        long[] first = golden.Tensors["weight.cls_convs.0.conv.weight"].Shape;
        DistributionHeadOptions small = options with
        {
            Classes = (int)golden.Tensors["weight.gfl_cls.bias"].Count - (options.HasBackground ? 1 : 0),
            InChannels = (int)first[1],
            Channels = (int)first[0],
            StackedConvs = int.Parse(golden.Metadata["stacked_convs"]),
            NormGroups = int.Parse(golden.Metadata["num_groups"]),
            RegMax = (int)golden.Tensors["weight.integral.project"].Count - 1,
        };
        return small is QualityHeadOptions quality
            ? quality with
            {
                Quality = new DistributionQualityOptions
                {
                    TopK = int.Parse(golden.Metadata["reg_topk"]),
                    Channels = int.Parse(golden.Metadata["reg_channels"]),
                },
            }
            : small;
    }
}
