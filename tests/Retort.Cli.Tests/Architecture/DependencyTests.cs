using System.Reflection;
using System.Xml.Linq;

namespace Retort.Cli.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md: which project may use which. They run downwards only.</summary>
public class DependencyTests
{
    /// <summary>Each project with the projects that it may name; through them it may use what these may use.</summary>
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["Retort.Core"] = [],
        ["Retort.Torch"] = ["Retort.Core"],
        ["Retort.Vision"] = ["Retort.Core"],
        ["Retort.Evaluation"] = ["Retort.Core"],
        ["Retort.Detection"] = ["Retort.Vision", "Retort.Torch"],
        ["Retort.Distillation"] = ["Retort.Detection"],
        ["Retort.Recipes"] = ["Retort.Distillation", "Retort.Vision"],
        ["Retort.Prediction"] = ["Retort.Recipes"],
        ["Retort.Training"] = ["Retort.Recipes", "Retort.Distillation", "Retort.Evaluation", "Retort.Prediction", "Retort.Vision"],
        ["Retort.Cli"] = ["Retort.Training"],
    };

    public static TheoryData<string> Projects => [.. ProjectFiles.Names];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_names_only_what_lies_below_it(string project)
    {
        Assert.True(s_arrows.ContainsKey(project), $"{project} is new: give it its place in ARCHITECTURE.md and in this test");
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        IEnumerable<string> named = file.Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
        Assert.Empty(named.Except(s_arrows[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_library_uses_only_what_lies_below_it(string project)
    {
        Assembly library = ProjectFiles.Load(project);
        IEnumerable<string> used = library.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name.StartsWith("Retort.", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(used.Except(Below(project)));
    }

    [Fact]
    public void The_evaluation_depends_on_the_ground_floor_only()
    {
        Assembly library = Assembly.Load("Retort.Evaluation");
        Assert.All(library.GetReferencedAssemblies(),
            a => Assert.True(a.Name!.StartsWith("System.", StringComparison.Ordinal) || a.Name == "Retort.Core", a.Name));
    }

    [Theory]
    [InlineData("Retort.Vision")]
    [InlineData("Retort.Evaluation")]
    public void What_needs_no_tensors_does_not_call_their_library(string project)
    {
        IEnumerable<string> imported = Assembly.Load(project).GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<System.Runtime.InteropServices.DllImportAttribute>()?.Value ?? "");
        Assert.DoesNotContain(Torch.Native.NativeLibraryLoader.Name, imported);
    }

    private static IEnumerable<string> Below(string project) => s_arrows[project].SelectMany(p => Below(p).Append(p)).Distinct();
}
