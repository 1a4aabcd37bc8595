using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Detection.Backbones;

/// <summary>Loads pretrained weights into backbones.</summary>
public static class BackboneWeights
{
    private const string Classifier = "fc.";

    /// <summary>
    /// Loads a classification network's weights (torchvision's names: <c>conv1.weight</c>, <c>layer1.0...</c>); its classifier <c>fc.*</c>
    /// is ignored. Of a file of a whole detector the <c>backbone.*</c> are loaded (<see cref="StateDictPrefix"/>). The offsets of
    /// deformable convolutions may be missing, as they are where an ordinary network was pretrained; they keep their values.
    /// </summary>
    /// <param name="backbone">What to load into.</param>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="CheckpointException">The file is damaged, or lacks something that the backbone has.</exception>
    public static void Load(Module backbone, string path)
    {
        using Checkpoint file = Checkpoint.Open(path);
        StateDict state = StateDictPrefix.Find(backbone.NamedState().Select(entry => entry.Name), file.StateDict, path);
        var chosen = new StateDict(state.Where(entry => !entry.Key.StartsWith(Classifier, StringComparison.Ordinal)));
        var options = new StateDictMatchOptions();
        ModuleLoading.Load(backbone, chosen, path, options with
        {
            OptionalSuffixes = [.. options.OptionalSuffixes, ".conv_offset.weight",
            ".conv_offset.bias"]
        });
    }
}
