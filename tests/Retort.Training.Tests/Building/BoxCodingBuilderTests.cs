using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Detection.Heads;
using Retort.Torch;

namespace Retort.Training.Tests.Building;

/// <summary>How a recipe's detector tells rotated boxes from five numbers.</summary>
public class BoxCodingBuilderTests : TensorTest
{
    [Theory]
    [InlineData(false, 5, 10, 0)]
    [InlineData(true, 10, 5, -Math.PI / 2)]
    public void Sides_change_places_where_the_recipe_says_so(bool swap, float width, float height, double angle)
    {
        IBoxCoding coding = Coding(new RotatedHeadOptions { RegMax = 0, Angles = AngleConvention.Le90, EdgeSwap = swap });
        Close([30, 40, width, height, (float)angle], coding.Decode(Square(), TestTensor.From([0f, 0, MathF.Log(0.5f), 0, 0], 1, 5)), 1e-5,
            1e-5);
    }

    [Theory]
    [InlineData(null, 0.25)]
    [InlineData(0.5, Math.PI / 8)]
    public void Angles_are_in_radians_or_in_the_recipes_unit(double? factor, double angle)
    {
        IBoxCoding coding = Coding(new RotatedHeadOptions { RegMax = 0, Angles = AngleConvention.Le90, NormFactor = factor });
        Tensor boxes = coding.Decode(Square(), TestTensor.From([0f, 0, 0, 0, 0.25f], 1, 5));
        Assert.Equal(angle, boxes.ToArray<float>()[4], 1e-6);
        Close([0, 0, 0, 0, 0.25f], coding.Encode(Square(), boxes));
    }

    private static Tensor Square() => TestTensor.From([25f, 35, 35, 45], 1, 4);

    private static RotatedDeltaCoding Coding(RotatedHeadOptions head) => head.Coding();
}
