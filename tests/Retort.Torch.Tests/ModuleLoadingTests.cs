using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Torch.Tests;

public class ModuleLoadingTests
{
    [Fact]
    public void A_state_dict_loads_and_a_wrong_one_is_refused_by_name_without_changing_anything()
    {
        using var source = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        using var target = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        ModuleLoading.Load(target, new StateDict(source.SaveState()), "a.pth");
        Assert.Equal(source.SaveState()[0].Value.As<float>().ToArray(), target.SaveState()[0].Value.As<float>().ToArray());

        using var other = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3), new Conv2d(3, 1, 1));
        float[] before = other.SaveState()[0].Value.As<float>().ToArray();
        CheckpointException e = Assert.Throws<CheckpointException>(() => ModuleLoading.Load(other, new StateDict(source.SaveState()), "a.pth"));
        Assert.Contains("2.weight", e.Message);
        Assert.Equal(before, other.SaveState()[0].Value.As<float>().ToArray());
    }
}
