using System.Text.RegularExpressions;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Samples.Extending;
using Retort.Torch;

namespace Retort.Distillation.Tests;

/// <summary>The sample of docs/extending.md works, and the page shows that very code.</summary>
public sealed partial class ExtendingSampleTests : LeakCheckedTest
{
    [Fact]
    public void The_new_detector_learns_a_batch_with_a_teacher_in_the_new_region()
    {
        Runtime.Seed(1);
        IReadOnlyList<double> losses = Lesson.Run(steps: 25);
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
        Assert.True(losses[^1] < losses[0] / 2, string.Join(' ', losses));
    }

    [Fact]
    public void The_new_detector_detects()
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using DenseDetector detector = EvenDetector.Build(classes: 3);
        detector.Evaluate();
        using var compiled = new CompiledDetector(detector);
        Assert.Equal(2, compiled.Detect(TestTensor.RandomNormal([2, 3, 64, 64]),
            [new ImagePlacement(64, 64), new ImagePlacement(50, 64)]).Count);
    }

    [Fact]
    public void The_region_is_the_middle_of_the_objects()
    {
        using var scope = new TensorScope();
        using DenseDetector detector = EvenDetector.Build(classes: 1);
        BatchAssignment assignment = detector.Assigner.Assign([(8, 8), (4, 4), (2, 2)],
            [new(64, 64, 64, 64, Boxes.Upright(0, 0, 48, 48), [0]), new(64, 64, 64, 64, Boxes.None, [])], TestDevice.Current);
        PriorSelection region = MiddleThird.Select(assignment);

        // Anchors stand on multiples of the stride; from 16 to 32 are 16, 24 and 32 on the first level, 16 and 32 on the second, 32 on the
        // third.
        Assert.Equal([9, 4, 1], region.LevelCounts);
        Assert.All(region.Coordinates.ToArray<long>()[..region.Count], image => Assert.Equal(0, image));
    }

    [Fact]
    public void The_page_shows_the_code_of_the_sample()
    {
        IReadOnlyList<(string File, string Text)> blocks = Blocks("csharp");
        Assert.Equal(4, blocks.Count);
        Assert.All(blocks, block => Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, block.File)), block.Text));
    }

    [Fact]
    public void The_lines_to_add_stand_beside_lines_that_are_there()
    {
        IReadOnlyList<(string File, string Text)> blocks = Blocks("diff");
        Assert.Equal(4, blocks.Count);
        foreach ((string file, string text) in blocks)
        {
            string[] source = File.ReadAllLines(Path.Combine(Repository.Root, file));
            string[] lines = text.TrimEnd('\n').Split('\n');
            Assert.All(lines.Where(line => line[0] is ' ' or '-'), line => Assert.Contains(line[1..], source));
            Assert.All(lines.Where(line => line[0] == '+' && line.Length > 1), line => Assert.DoesNotContain(line[1..], source));
            Assert.Contains(lines, line => line[0] == '+');
        }
    }

    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "extending.md"));

    /// <summary>The blocks of a language, each with the file that was named last above it.</summary>
    private static IReadOnlyList<(string File, string Text)> Blocks(string language)
    {
        var blocks = new List<(string, string)>();
        string file = "";
        foreach (Match part in FileOrBlock().Matches(Page))
        {
            file = part.Groups["file"].Success ? part.Groups["file"].Value : file;
            if (part.Groups["language"].Value == language)
            {
                blocks.Add((file, part.Groups["text"].Value));
            }
        }

        return blocks;
    }

    [GeneratedRegex(@"^`(?<file>[^`\n]+\.cs)`$|^```(?<language>[a-z]+)\n(?<text>.*?)^```$",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex FileOrBlock();
}
