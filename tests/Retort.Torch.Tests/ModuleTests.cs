using Retort.Core;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Torch.Tests;

public class ModuleTests
{
    [Fact]
    public void Names_and_order_are_those_of_PyTorch()
    {
        using var net = new Sequential(new Conv2d(3, 8, 3, bias: false), new BatchNorm2d(8), new Conv2d(8, 4, 1));
        Assert.Equal(
            ["0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked", "2.weight", "2.bias"],
            net.NamedState().Select(s => s.Name));
    }

    [Fact]
    public void Modules_free_their_tensors()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        using (Sequential net = new Sequential(new Conv2d(3, 8, 3), new BatchNorm2d(8)).OnTestDevice())
        {
            net.Forward(TestTensor.Ones([1, 3, 5, 5])).Sum().Backward();
            net.To(ScalarType.Float64);
            Assert.Equal(ScalarType.Float64, net.NamedState().First().Tensor.Type);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Batch_norm_tracks_statistics_only_in_training_with_unfrozen_statistics()
    {
        using var scope = new TensorScope();
        using BatchNorm2d norm = new BatchNorm2d(2).OnTestDevice();
        Tensor input = TestTensor.RandomNormal([4, 2, 3, 3]);
        norm.StatisticsFrozen = true;
        norm.Forward(input);
        Assert.Equal(0, norm.BatchesTracked.Item());
        norm.StatisticsFrozen = false;
        norm.Forward(input);
        Assert.Equal(1, norm.BatchesTracked.Item());
        norm.Evaluate();
        norm.Forward(input);
        Assert.Equal(1, norm.BatchesTracked.Item());
    }

    [Fact]
    public void State_round_trips_through_stored_tensors()
    {
        using var a = new Conv2d(2, 3, 3);
        using var b = new Conv2d(2, 3, 3);
        foreach (((string name, Tensor target), KeyValuePair<string, StoredTensor> source) in b.NamedState().Zip(a.SaveState()))
        {
            StateDictionaries.LoadInto(target, name, source.Value);
        }

        Assert.Equal(a.Weight.ToArray<float>(), b.Weight.ToArray<float>());
        Assert.Throws<RetortException>(() => StateDictionaries.LoadInto(a.Bias!, "bias", a.Weight.ToStored()));
    }
}
