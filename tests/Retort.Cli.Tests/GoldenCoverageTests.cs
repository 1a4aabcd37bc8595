using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Retort.Torch.Checkpoints;

namespace Retort.Cli.Tests;

/// <summary>
/// Every golden file has tests that read it, and every quantity in it a place in these tests' source or in the list of what is left out on
/// purpose: the table of tests/golden/README.md. A file or a quantity that is new, or whose test is gone, fails here.
/// </summary>
[Trait("Category", Golden.Category)]
public sealed partial class GoldenCoverageTests
{
    private static readonly string s_tests = Path.Combine(Repository.Root, "tests");
    private static readonly Row[] s_rows = ReadTable();

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Golden.Folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Golden.Folder, file).Replace('\\', '/')).Where(file => Path.GetExtension(file) != ".md")
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_read(string file)
    {
        Row[] rows = [.. s_rows.Where(row => row.Files.Any(glob => FileSystemName.MatchesSimpleExpression(glob, file)))];
        Assert.True(rows.Length == 1,
            $"{file} has {rows.Length} rows in the table of tests/golden/README.md; it needs a test, and one row that names it");
        if (Path.GetExtension(file) == ".safetensors")
        {
            using var golden = SafetensorsFile.Open(Path.Combine(Golden.Folder, file));
            string[] missing = [.. golden.Tensors.Keys.Where(name => !rows[0].Accounts(name))];
            Assert.True(missing.Length == 0, $"{file}: no test named in tests/golden/README.md mentions "
                + $"{string.Join(", ", missing.Take(10))}; compare them, or say there why not");
        }
    }

    [Fact]
    public void What_is_left_out_is_there()
    {
        // Of this repository's files only: others may have less.
        Assert.SkipUnless(Golden.AreCommitted, "RETORT_GOLDEN names other files than those of the table");
        string[] files = [.. Files.Select(file => file.Data)];
        foreach (Row row in s_rows)
        {
            string[] own = [.. files.Where(file => row.Files.Any(glob => FileSystemName.MatchesSimpleExpression(glob, file)))];
            Assert.NotEmpty(own);
            string[] names = [.. own.Where(file => Path.GetExtension(file) == ".safetensors").SelectMany(Names)];
            Assert.All(row.Kinds.Concat(row.LeftOut),
                glob => Assert.Contains(names, name => FileSystemName.MatchesSimpleExpression(glob, name)));
        }
    }

    private static IEnumerable<string> Names(string file)
    {
        using var golden = SafetensorsFile.Open(Path.Combine(Golden.Folder, file));
        return [.. golden.Tensors.Keys];
    }

    private static Row[] ReadTable()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(s_tests, "golden", "README.md"))
            .SkipWhile(line => line != "| files | read by | names of a kind | left out on purpose |").Skip(2)
            .TakeWhile(line => line.StartsWith('|'))];
        return [.. lines.Select(line => line.Split('|'))
            .Select(cells => new Row(Quoted(cells[1]), Source(Quoted(cells[2])), Quoted(cells[3]), Quoted(cells[4])))];
    }

    private static string[] Quoted(string cell) => [.. Backticks().Matches(cell).Select(match => match.Groups[1].Value)];

    private static string Source(string[] files) =>
        Numberless(string.Concat(files.Select(file => File.ReadAllText(Path.Combine(s_tests, file + ".cs")))));

    // Names have the numbers of the vectors in them, and sources what stands for them.
    private static string Numberless(string text) => Placeholders().Replace(text, "#");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Backticks();

    [GeneratedRegex(@"\{[^{}""\n]*\}|[0-9]+")]
    private static partial Regex Placeholders();

    /// <summary>One row of the table.</summary>
    /// <param name="Files">Patterns of files.</param>
    /// <param name="Source">The text of the tests that read them.</param>
    /// <param name="Kinds">Patterns of names that these tests look for, instead of naming each.</param>
    /// <param name="LeftOut">Patterns of names that no test reads.</param>
    private sealed record Row(string[] Files, string Source, string[] Kinds, string[] LeftOut)
    {
        /// <summary>Whether each part of a dotted name stands in the source, or the name is of a kind that does.</summary>
        public bool Accounts(string name) =>
            Kinds.Concat(LeftOut).Any(glob => FileSystemName.MatchesSimpleExpression(glob, name))
                || Numberless(name).Split('.').All(part => part == "#" || Source.Contains(part, StringComparison.Ordinal));
    }
}
