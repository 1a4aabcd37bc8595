namespace Retort.Vision.Datasets;

/// <summary>Class names that differ only by case, blanks or accents are most often one class, written in two ways.</summary>
internal static class SimilarNames
{
    /// <summary>Warns of each name that looks like an earlier one.</summary>
    public static void Warn(IEnumerable<string> names, DatasetProblems problems, string file)
    {
        Dictionary<string, string> seen = [];
        foreach (string name in names)
        {
            if (!seen.TryAdd(PlainName.Of(name), name))
            {
                problems.Warn(
                    ProblemKind.UnknownClass, file, "",
                        $"the classes '{seen[PlainName.Of(name)]}' and '{name}' differ only by case, blanks or accents",
                    "They are read as two classes; where one is meant, write it the same way everywhere.");
            }
        }
    }
}
