using System.Reflection;
using System.Text.RegularExpressions;

namespace Retort.Cli.Tests.Architecture;

/// <summary>The folders of a project, which are its namespaces, use each other in one direction only.</summary>
public partial class FolderCircleTests
{
    /// <summary>The circles that exist still, each use of them in a line: files and what they are made of.</summary>
    private static readonly string[] s_known =
    [
        "Retort.Recipes -> Retort.Recipes.Reading",
        "Retort.Recipes.Reading -> Retort.Recipes",
        "Retort.Torch.Checkpoints -> Retort.Torch.Checkpoints.Pickle",
        "Retort.Torch.Checkpoints -> Retort.Torch.Checkpoints.Zip",
        "Retort.Torch.Checkpoints.Pickle -> Retort.Torch.Checkpoints",
        "Retort.Torch.Checkpoints.Zip -> Retort.Torch.Checkpoints",
    ];

    [Fact]
    public void No_folder_is_used_by_what_it_uses()
    {
        string[] circles = [.. ProjectFiles.Names.SelectMany(project => UsesInCircles(Uses(project)))];
        Assert.True(circles.All(s_known.Contains), $"new: {string.Join('\n', circles.Except(s_known))}");
        Assert.True(s_known.All(circles.Contains), $"gone, so take them off the list: {string.Join('\n', s_known.Except(circles))}");
    }

    [Fact]
    public void A_circle_is_found()
    {
        Dictionary<string, HashSet<string>> uses = new()
        {
            ["Root"] = ["Root.A"],
            ["Root.A"] = ["Root.B", "Root.D"],
            ["Root.B"] = ["Root.C"],
            ["Root.C"] = ["Root.A"],
            ["Root.D"] = [],
        };
        Assert.Equal(["Root.A -> Root.B", "Root.B -> Root.C", "Root.C -> Root.A"], UsesInCircles(uses));
    }

    [Fact]
    public void References_in_signatures_and_in_bodies_are_seen()
    {
        Type[] seen = [.. TypeReferences.Of(typeof(Shell.StopSignals))];
        Assert.Contains(typeof(CancellationTokenSource), seen); // a field
        Assert.Contains(typeof(System.Runtime.InteropServices.PosixSignalRegistration), seen); // the element of an array
        Assert.Contains(TypeReferences.Members(typeof(Shell.StopSignals)), member => member.Name == "Cancel");
    }

    /// <summary>Each folder with those of the same project that its types and its files name.</summary>
    private static Dictionary<string, HashSet<string>> Uses(string project)
    {
        Assembly library = ProjectFiles.Load(project);
        var uses = new Dictionary<string, HashSet<string>>();
        void Add(string from, string to)
        {
            uses.TryAdd(from, []);
            if (from != to)
            {
                uses[from].Add(to);
            }
        }

        foreach (Type type in library.GetTypes().Where(type => type.Namespace?.StartsWith("Retort.", StringComparison.Ordinal) == true))
        {
            foreach (Type used in TypeReferences.Of(type).Where(used => used.Assembly == library && used.Namespace is not null))
            {
                Add(type.Namespace!, used.Namespace!);
            }
        }

        // Constants and names leave no trace in what is compiled, but their namespace has to be imported.
        foreach (string text in ProjectFiles.Sources(project).Select(File.ReadAllText))
        {
            string from = Namespace().Match(text).Groups[1].Value;
            foreach (Match import in Import().Matches(text).Where(import => uses.ContainsKey(import.Groups[1].Value)))
            {
                Add(from, import.Groups[1].Value);
            }
        }

        return uses;
    }

    /// <summary>The uses that are part of a circle: what is used reaches what uses it.</summary>
    private static IEnumerable<string> UsesInCircles(Dictionary<string, HashSet<string>> uses) =>
        from folder in uses.Keys
        from used in uses[folder]
        where Reached(uses, used).Contains(folder)
        orderby folder, used
        select $"{folder} -> {used}";

    private static HashSet<string> Reached(Dictionary<string, HashSet<string>> uses, string start)
    {
        HashSet<string> reached = [];
        var open = new Stack<string>([start]);
        while (open.TryPop(out string? folder))
        {
            foreach (string next in uses.GetValueOrDefault(folder, []).Where(reached.Add))
            {
                open.Push(next);
            }
        }

        return reached;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:static )?(Retort\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Import();
}
