namespace Retort.Recipes;

/// <summary>The folders in which recipes and studies are looked for by name.</summary>
public static class RecipePlaces
{
    /// <summary>What such a folder is called.</summary>
    public const string FolderName = "recipes";

    /// <summary>What the folder of studies in it is called.</summary>
    public const string StudiesFolder = "studies";

    /// <summary>The variable by which the launcher says where Retort lies.</summary>
    private const string HomeVariable = "RETORT_HOME";

    /// <summary>The recipes that come with Retort: where the launcher says, otherwise below the current folder.</summary>
    public static string Shipped
    {
        get
        {
            if (Environment.GetEnvironmentVariable(HomeVariable) is not { Length: > 0 } home)
            {
                return FolderName;
            }

            // In a checkout the two are the same, and the short name is easier to read.
            string shipped = Path.Combine(home, FolderName);
            return Path.GetFullPath(shipped) == Path.GetFullPath(FolderName) ? FolderName : shipped;
        }
    }

    /// <summary>All of them: the person's own below the current folder, where there is one, before those that come with Retort.</summary>
    public static IReadOnlyList<string> All => Shipped != FolderName && Directory.Exists(FolderName) ? [FolderName, Shipped] : [Shipped];

    /// <summary>
    /// The file that a path in a recipe means: relative to a folder, usually that of the recipe, or else one that comes with Retort. The
    /// whole path; of the former where there is neither.
    /// </summary>
    /// <param name="folder">The folder that comes first.</param>
    /// <param name="path">What is written.</param>
    public static string Locate(string folder, string path)
    {
        string near = Path.GetFullPath(Path.Combine(folder, path)), shipped = Path.GetFullPath(Path.Combine(Shipped, path));
        return !File.Exists(near) && File.Exists(shipped) ? shipped : near;
    }
}
