using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Distillation;

/// <summary>Reads one kind of knowledge at the selected priors.</summary>
internal static class KnowledgeRows
{
    /// <summary>Float [K, E, B]: E distributions (edges; one for classes and features) of B values each.</summary>
    /// <param name="knowledge">Which.</param>
    /// <param name="output">A network's predictions.</param>
    /// <param name="selection">The priors; for features the cells.</param>
    /// <param name="edges">Edges of a box.</param>
    public static Tensor Read(Knowledge knowledge, DenseOutput output, PriorSelection selection, int edges)
    {
        Tensor rows = selection.Gather(Maps(knowledge, output));
        long groups = knowledge == Knowledge.Localization ? edges : 1;
        return rows.Reshape(rows.Size(0), groups, rows.Size(1) / groups);
    }

    /// <summary>The maps that a kind of knowledge lies in, finest first.</summary>
    public static IReadOnlyList<Tensor> Maps(Knowledge knowledge, DenseOutput output) => knowledge switch
    {
        Knowledge.Localization or Knowledge.Boxes => [.. output.Levels.Select(l => l.BoxLogits)],
        Knowledge.Classification => [.. output.Levels.Select(l => l.ClassLogits)],
        _ => output.Features,
    };
}
