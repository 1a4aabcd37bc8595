using Retort.Torch.Checkpoints;

namespace Retort.Torch.Optimizers;

/// <summary>
/// What an optimizer must remember to go on exactly, in the layout of PyTorch's <c>optimizer.state_dict()</c>.
/// </summary>
/// <param name="State">
/// <c>state</c>: by index of the parameter (counted through the groups in order), such as <c>momentum_buffer</c>; parameters that
/// never had a gradient are absent.
/// </param>
/// <param name="Groups">
/// <c>param_groups</c>: for each group its settings (<c>lr</c>, <c>weight_decay</c>, ... as double, bool, long or double[]) and
/// <c>params</c>, the indices of its parameters, as long[].
/// </param>
public sealed record OptimizerState(
    IReadOnlyDictionary<long, IReadOnlyDictionary<string, StoredTensor>> State, IReadOnlyList<IReadOnlyDictionary<string, object>> Groups);
