using Retort.Recipes;

namespace Retort.Cli.Recipes;

/// <summary>What to say where a recipe is asked for and a person names the data.</summary>
internal static class MistakenRecipe
{
    /// <summary>Refuses folders and files of annotations with the recipe and the options to name instead.</summary>
    /// <param name="name">What the person wrote for a recipe.</param>
    /// <exception cref="RecipeException">It is data.</exception>
    public static void Refuse(string name)
    {
        // A folder may have the name of a recipe: then the recipe is meant.
        if (Directory.Exists(name) && !RecipePlaces.All.Any(folder => File.Exists(Path.Combine(folder, name + ".yaml"))))
        {
            throw new RecipeException($"{name}: this is a folder, and a recipe is a YAML file; for data in that folder name a recipe and "
                + $"the folder: {ForFolder(name)}");
        }

        if (File.Exists(name) && Path.GetExtension(name).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            throw new RecipeException($"{name}: this is a JSON file, and a recipe is a YAML file; for annotations in COCO's format name "
                + $"a recipe and the file: {ForFile(name)}");
        }
    }

    private static string ForFolder(string folder)
    {
        bool Has(string name) => Directory.Exists(Path.Combine(folder, name));
        string layout = Has("JPEGImages") ? "own-data/voc/student" : Has("labelTxt") ? "own-data/dota/student"
            : Has("labels") || Has("train/labels") ? "own-data/yolo/student" : "own-data/student";
        return $"{layout} --set data.root={Path.TrimEndingDirectorySeparator(folder)}";
    }

    /// <summary>
    /// The folder of the data that a file of annotations belongs to: usually such files lie in a folder of their own beside that of the
    /// images.
    /// </summary>
    public static string RootOf(string file)
    {
        string beside = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string root = Path.GetFileName(beside) == "annotations" ? Path.GetDirectoryName(beside)! : beside;
        return Path.IsPathRooted(file) ? root : Path.GetRelativePath(".", root);
    }

    private static string ForFile(string file)
    {
        string root = RootOf(file);
        return $"own-data/student --set data.root={root} --set data.train.annotations={Path.GetRelativePath(root, file)} --set "
            + "data.train.images=IMAGES --set data.val=null";
    }
}
