using Retort.Torch.Compilation;
using Retort.Torch.Modules;

namespace Retort.Torch.Tests;

public class MultiplyAddsTests : TensorTest
{
    [Fact]
    public void Convolutions_are_counted_for_one_image_of_the_batch_and_deformable_ones_with_their_offsets()
    {
        using var network = new Sequential(new Conv2d(2, 3, 3, padding: 1), new Relu(), new Conv2d(3, 6, 1, stride: 2, groups: 3),
            new DeformConv2d(6, 4, 3, false, padding: 1));
        const long first = 5 * 7 * 3 * (2 * 9), second = 3 * 4 * 6 * 1, offsets = 3 * 4 * 18 * (6 * 9), third = 3 * 4 * 4 * (6 * 9);
        using var noGrad = new NoGradScope();
        Assert.Equal(first + second + offsets + third, MultiplyAdds.PerImage(Tensor.Ones([2, 2, 5, 7]), images => network.Forward(images)));
    }
}
