using System.Text.Json;
using Retort.Torch.Checkpoints;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;
using Retort.Vision.Splitting;

namespace Retort.Vision.Tests.Splitting;

[Trait("Category", Golden.Category)]
public class SplitGoldenTests
{
    [Fact]
    public void Windows_equal_the_reference()
    {
        SafetensorsFile golden = Golden.Read("dota_split_windows");
        JsonElement[] cases = [.. JsonDocument.Parse(golden.Metadata["cases"]).RootElement.EnumerateArray()];
        for (int k = 0; k < cases.Length; k++)
        {
            var options = new SplitOptions { Sizes = cases[k][2].Deserialize<int[]>()!, Gaps = cases[k][3].Deserialize<int[]>()! };
            IReadOnlyList<SplitWindow> windows = SlidingWindows.Over(cases[k][0].GetInt32(), cases[k][1].GetInt32(), options);
            Assert.Equal(golden.Tensors[$"windows.{k}"].As<long>().ToArray(),
                windows.SelectMany(w => new long[] { w.X, w.Y, w.Right, w.Bottom }));
        }
    }

    [Fact]
    public void Shares_of_objects_in_windows_equal_the_reference()
    {
        SafetensorsFile golden = Golden.Read("dota_split_iof");
        float[][] polygons = [.. golden.Tensors["polygons"].As<float>().ToArray().Chunk(8)];
        long[][] windows = [.. golden.Tensors["windows"].As<long>().ToArray().Chunk(4)];
        double[] expected = golden.Tensors["iof"].As<double>().ToArray();
        for (int p = 0; p < polygons.Length; p++)
        {
            for (int w = 0; w < windows.Length; w++)
            {
                double share = WindowLabels.Share(polygons[p], new SplitWindow(
                    (int)windows[w][0], (int)windows[w][1], (int)(windows[w][2] - windows[w][0])));
                Assert.Equal(expected[(p * windows.Length) + w], share, 1e-12);
            }
        }
    }

    [Fact]
    public void Label_files_equal_the_reference_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        string golden = Path.Combine(Golden.Folder, "dota_split");
        string[] expected = [.. Directory.EnumerateFiles(golden, "expected_*.txt").Order(StringComparer.Ordinal)];
        foreach (string source in Directory.EnumerateFiles(golden, "*.txt").Where(f => !expected.Contains(f)))
        {
            folder.Write("labelTxt/" + Path.GetFileName(source), File.ReadAllText(source));
            Directory.CreateDirectory(folder.File("images"));
            string name = Path.GetFileNameWithoutExtension(source);
            (int width, int height) = Extent([.. expected.Where(file => Path.GetFileName(file)
                .StartsWith($"expected_{name}__", StringComparison.Ordinal))]);
            using Image image = Pictures.Scene(width, height, 1);
            ImageEncoder.Write(folder.File($"images/{name}.png"), image);
        }

        SplitSummary summary = DatasetSplitter.Run(folder.File("images"), folder.File("labelTxt"), folder.File("out"), new SplitOptions());
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, summary.Windows);
        foreach (string file in expected)
        {
            string ours = folder.File("out/labelTxt/" + Path.GetFileName(file)["expected_".Length..]);
            Assert.Equal(File.ReadAllText(file).TrimEnd(), File.ReadAllText(ours).TrimEnd());
        }
    }

    // The last windows of an image end at its edges. One that is smaller than a window is drawn as large as it, which changes neither
    // windows nor labels: all its windows have the same share of the image, so that none is left out, and labels are chosen by the window's
    // own square.
    private static (int Width, int Height) Extent(string[] names)
    {
        int[][] numbers = [.. names.Select(n => Path.GetFileNameWithoutExtension(n).Split('_', StringSplitOptions.RemoveEmptyEntries)[^3..]
            .Select(int.Parse).ToArray())];
        return (numbers.Max(n => n[1] + n[0]), numbers.Max(n => n[2] + n[0]));
    }
}
