using System.Runtime.InteropServices;
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
        CheckpointException e = Assert.Throws<CheckpointException>(() =>
            ModuleLoading.Load(other, new StateDict(source.SaveState()), "a.pth"));
        Assert.Contains("2.weight", e.Message);
        Assert.Equal(before, other.SaveState()[0].Value.As<float>().ToArray());
    }

    [Theory]
    [InlineData("model.")]
    [InlineData("_orig_mod.")]
    [InlineData("architecture.", "teacher.")]
    [InlineData("student.", "teacher.")]
    [InlineData("module.module.")]
    [InlineData("student.backbone.", "teacher_ema.backbone.")]
    public void A_network_is_found_under_a_prefix(string prefix, string? another = null)
    {
        using var source = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        using var target = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        using var teacher = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        var state = new StateDict(source.SaveState().Select(entry => KeyValuePair.Create(prefix + entry.Key, entry.Value)));
        foreach ((string name, StoredTensor tensor) in another is null ? [] : teacher.SaveState())
        {
            state.Add(another + name, tensor);
        }

        Assert.True(ModuleLoading.Load(target, state, "a.pth").IsExact);
        Assert.Equal(Weight(source), Weight(target));
    }

    [Fact]
    public void Averaged_copies_beside_the_weights_are_left_out()
    {
        using var source = new Sequential(new Conv2d(2, 3, 3));
        using var target = new Sequential(new Conv2d(2, 3, 3));
        var state = new StateDict([.. source.SaveState(), .. source.SaveState()
            .Select(entry => KeyValuePair.Create("ema_" + entry.Key.Replace('.', '_'), entry.Value))]);
        Assert.True(ModuleLoading.Load(target, state, "a.pth").IsExact);
        Assert.Equal(Weight(source), Weight(target));
    }

    [Fact]
    public void A_network_under_several_prefixes_is_refused_with_the_command_that_chooses_one()
    {
        using var network = new Sequential(new Conv2d(2, 3, 3));
        var state = new StateDict(new[] { "a.", "b." }.SelectMany(prefix => network.SaveState()
            .Select(entry => KeyValuePair.Create(prefix + entry.Key, entry.Value))));
        string message = Assert.Throws<CheckpointException>(() => ModuleLoading.Load(network, state, "a.pth")).Message;
        Assert.Contains("'a.', 'b.'", message);
        Assert.Contains("k.startswith('a.')", message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Weights_that_are_not_finite_are_refused_by_name_without_changing_anything(float value)
    {
        using var source = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        using var target = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        float[] before = Weight(target);
        KeyValuePair<string, StoredTensor>[] state = [.. source.SaveState()];
        float[] bias = state.Single(entry => entry.Key == "1.bias").Value.As<float>().ToArray();
        bias[1] = value;
        byte[] bytes = MemoryMarshal.AsBytes<float>(bias).ToArray();
        var broken = new StateDict(state.Select(entry => entry.Key == "1.bias"
            ? KeyValuePair.Create(entry.Key, new StoredTensor(ScalarType.Float32, [3], bytes)) : entry));
        CheckpointException e = Assert.Throws<CheckpointException>(() => ModuleLoading.Load(target, broken, "a.pth"));
        Assert.Equal("1.bias", e.Place);
        Assert.Equal(before, Weight(target));
    }

    private static float[] Weight(Module module) => module.SaveState()[0].Value.As<float>().ToArray();
}
