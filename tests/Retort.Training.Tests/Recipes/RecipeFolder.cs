using Retort.Recipes;

namespace Retort.Training.Tests.Recipes;

/// <summary>A folder of recipe files for one test, removed after it.</summary>
public sealed class RecipeFolder : IDisposable
{
    /// <summary>The least that a recipe needs.</summary>
    public const string Minimal = "data: {train: {annotations: a.json, images: i}}\n";

    public string Path { get; } = Directory.CreateTempSubdirectory("retort-recipes-").FullName;

    public string Write(string name, string text)
    {
        string file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Loads <see cref="Minimal"/> with more lines behind it; those start in line 2.</summary>
    public Recipe Load(string more, params string[] overrides) => Recipe.Load(Write("recipe.yaml", Minimal + more), overrides);

    /// <summary>The message that loading fails with.</summary>
    public string Refusal(string more, params string[] overrides) => Assert.Throws<RecipeException>(() => Load(more, overrides)).Message;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
