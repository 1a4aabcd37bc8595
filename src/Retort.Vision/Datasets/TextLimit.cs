using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>How large text files may be: no file of its kind comes near, and one that does is not what it is taken for.</summary>
public static class TextLimit
{
    /// <summary>Bytes of a label file, which has the objects of one image.</summary>
    public const long LabelFile = 256 << 20;

    /// <summary>Bytes of a list of names, of images or classes.</summary>
    public const long NameList = 64 << 20;

    /// <summary>What is wrong with a file that is larger; null where it is not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes it may have.</param>
    /// <param name="remedy">What to use instead.</param>
    public static DatasetProblem? Problem(string path, long limit, string remedy) => UserFiles.Length(path) > limit
        ? new DatasetProblem(ProblemSeverity.Error, ProblemKind.BrokenFile, path, "", $"the file has more than {limit >> 20} MiB", remedy)
        : null;

    /// <summary>Refuses a file that is larger.</summary>
    /// <inheritdoc cref="Problem"/>
    /// <exception cref="DatasetException">It is.</exception>
    public static void Require(string path, long limit, string remedy)
    {
        if (Problem(path, limit, remedy) is { } problem)
        {
            throw new DatasetException(problem);
        }
    }
}
