using System.CommandLine;
using System.Text.RegularExpressions;
using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Recipes;
using Retort.Training.Studies;

namespace Retort.Cli.Tests;

public sealed class DocumentationTests : IDisposable
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(Repository.Root, "docs/recipes.md"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_of_options_is_current()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs/recipe-options.md"));
        string listed = Regex.Match(page, "```text\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        string current = CapturedCommand.Run("recipes", "--options").Output;
        Assert.True(listed == current,
            "docs/recipe-options.md is out of date: put the output of 'retort recipes --options' into its block");
    }

    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Append(Path.Combine(Repository.Root, "README.md"))
            .Select(page => Path.GetRelativePath(Repository.Root, page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_a_page_is_one_that_there_is(string page)
    {
        RootCommand root = CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null, 100, new ProgressReporter(TextWriter.Null)));
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));
        foreach (Match line in Regex.Matches(text, @"^ *(?:\./)?retort ([^#\n|]+)(?:#(.*))?$", RegexOptions.Multiline))
        {
            ParseResult parsed = root.Parse(line.Groups[1].Value);
            Assert.True(parsed.Errors.Count == 0, $"{page}: {line.Value}: {string.Join(' ', parsed.Errors.Select(e => e.Message))}");
            Assert.All(Regex.Matches(line.Groups[2].Value, @"(?<!\S)--[a-z-]+").Select(m => m.Value),
                named => Assert.Contains(named, parsed.CommandResult.Command.Options.Select(o => o.Name)));
        }
    }

    [Fact]
    public void The_study_in_its_guide_loads()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs/studies.md"));
        string text = Regex.Match(page, "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        Study study = Study.Load(_folder.Write("study.yaml", text), [Path.Combine(Repository.Root, "recipes")], "runs/studies");
        Assert.Equal(
            ["teacher-seed0", "plain-seed0", "plain-seed1", "plain-seed2", "assistant-seed0", "small-seed0", "small-seed1", "small-seed2"],
            study.Runs.Select(run => run.Recipe.Name));
    }

    [Fact]
    public void Every_recipe_in_the_guide_loads()
    {
        string ownData = Path.Combine(Repository.Root, "recipes/own-data");
        string[] examples = [.. Regex.Matches(Guide, "```yaml\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value)];
        Assert.Equal(3, examples.Length);
        Assert.All(examples, (text, i) =>
        {
            // The examples build on the recipes for own data: by their own inclusion, or as text would be added to one.
            string recipe = text.Contains("include:", StringComparison.Ordinal)
                ? text.Replace("own-data/", $"{ownData}/")
                : $"include: {ownData}/student.yaml\n" + text.Replace("recipe: teacher.yaml", $"recipe: {ownData}/teacher.yaml");
            Recipe.Load(_folder.Write($"{i}.yaml", recipe));
        });
    }
}
