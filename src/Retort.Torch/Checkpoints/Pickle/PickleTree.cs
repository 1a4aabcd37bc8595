namespace Retort.Torch.Checkpoints.Pickle;

/// <summary>
/// Bounds a tree once it is built, so that everything that walks it later may recurse: a pickle can share values
/// (a few hundred bytes can stand for billions of values) and can put a list into itself.
/// </summary>
internal static class PickleTree
{
    /// <summary>Walks the tree without recursion, counting shared values at each of their places.</summary>
    /// <exception cref="CheckpointException">It is too deep (or endless), or too large.</exception>
    public static void Check(CheckpointValue root, PickleInput input, CheckpointLimits limits)
    {
        var open = new Stack<(CheckpointValue Value, int Depth)>();
        open.Push((root, 0));
        for (int visited = 0; open.TryPop(out (CheckpointValue Value, int Depth) at); visited++)
        {
            if (at.Depth > limits.Depth)
            {
                throw input.Error($"containers nested more than {limits.Depth} deep, or one within itself",
                    "no checkpoint looks like this: do not trust the file");
            }

            if (visited + open.Count > limits.TreeValues)
            {
                throw input.Error($"shared values that unfold to more than {limits.TreeValues}",
                    "no checkpoint looks like this: do not trust the file");
            }

            PushChildren(open, at.Value, at.Depth + 1);
        }
    }

    private static void PushChildren(Stack<(CheckpointValue, int)> open, CheckpointValue value, int depth)
    {
        if (value is CheckpointList list)
        {
            foreach (CheckpointValue item in list)
            {
                open.Push((item, depth));
            }
        }
        else if (value is CheckpointDictionary dictionary)
        {
            foreach ((CheckpointValue key, CheckpointValue item) in dictionary)
            {
                open.Push((key, depth));
                open.Push((item, depth));
            }
        }
    }
}
