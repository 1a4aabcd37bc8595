namespace Retort.Vision.Datasets;

/// <summary>Which of a data set's classes are read, and their labels.</summary>
internal static class ClassSelection
{
    /// <summary>
    /// The names to read, position = label: <paramref name="wanted"/>, or all of <paramref name="known"/> where nothing is asked for. A
    /// wanted name that is not known, or wanted twice, is an error in <paramref name="problems"/>.
    /// </summary>
    public static List<string> Resolve(IReadOnlyList<string>? wanted, IReadOnlyList<string> known, DatasetProblems problems, string file)
    {
        List<string> names = [];
        foreach (string name in wanted ?? known)
        {
            if (!known.Contains(name))
            {
                problems.Error(ProblemKind.UnknownClass, file, "", $"the data set has no class '{name}'",
                    NearestName.Advice(name, [.. known]));
            }
            else if (names.Contains(name))
            {
                problems.Error(ProblemKind.Duplicate, file, "", $"the class '{name}' is there twice", "Name each class once.");
                continue;
            }

            names.Add(name);
        }

        if (wanted is null)
        {
            SimilarNames.Warn(names, problems, file);
        }

        return names;
    }
}
