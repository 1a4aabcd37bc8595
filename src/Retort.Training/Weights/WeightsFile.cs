using Retort.Core;

namespace Retort.Training.Weights;

/// <summary>Files of weights that a recipe names by their path.</summary>
internal static class WeightsFile
{
    // What a run leaves, the better one first.
    private static readonly string[] s_ofRuns = ["best.ckpt", "last.ckpt"];

    /// <summary>Requires that a path is that of a file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="key">The option that names it.</param>
    /// <param name="remedy">What to do where it is not there.</param>
    /// <exception cref="RetortException">It is a folder, or not there.</exception>
    public static void Require(string path, string key, string remedy)
    {
        if (Directory.Exists(path))
        {
            string example = s_ofRuns.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists) is { } file ? $", such as {file}"
                : "";
            throw new RetortException($"{path}: '{key}' names a folder; name a file in it{example}");
        }

        if (!File.Exists(path))
        {
            throw new RetortException($"{path}: there is no such file ('{key}' names it); {remedy}");
        }
    }
}
