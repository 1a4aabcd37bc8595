using System.Reflection;

namespace Retort.Cli.Tests.Architecture;

/// <summary>The projects below <c>src</c>.</summary>
internal static class ProjectFiles
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "src");

    /// <summary>Their names, such as <c>Retort.Core</c>.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetDirectories(s_folder).Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0)
            .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    /// <summary>Those of the libraries: all but the command line.</summary>
    public static IEnumerable<string> Libraries => Names.Where(name => name != "Retort.Cli");

    /// <summary>What a project is compiled to.</summary>
    public static Assembly Load(string project) => Assembly.Load(project == "Retort.Cli" ? "retort" : project);

    /// <summary>The source files of a project.</summary>
    public static IEnumerable<string> Sources(string project) =>
        Directory.EnumerateFiles(Path.Combine(s_folder, project), "*.cs", SearchOption.AllDirectories);
}
