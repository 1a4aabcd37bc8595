namespace Retort.Testing;

/// <summary>Places of this repository that tests read from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Retort.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// The folder <c>shared</c> beside the repository with real images and weights, which are never committed.
    /// Skips the calling test, with the reason, where it is missing.
    /// </summary>
    public static string SharedOrSkip(string relativePath)
    {
        string path = Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable("RETORT_SHARED")
            ?? Path.Combine(Root, "..", "shared"), relativePath));
        if (!Path.Exists(path))
        {
            Xunit.Assert.Skip($"needs {relativePath} of the shared folder, which is not here (looked for {path}; RETORT_SHARED names "
                + "another place)");
        }

        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Retort.slnx")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no Retort.slnx above {AppContext.BaseDirectory}");
    }
}
