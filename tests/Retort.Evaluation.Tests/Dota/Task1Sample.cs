using System.Text.Json;
using Retort.Evaluation.Dota;
using Retort.Vision.Datasets;

namespace Retort.Evaluation.Tests.Dota;

/// <summary>The golden label and result files of DOTA's task 1, read as a person's files would be.</summary>
internal sealed class Task1Sample
{
    public Task1Sample(IReadOnlyList<string> classes)
    {
        using JsonDocument json = Golden.ReadJson("dota_eval/synth.json.gz");
        ImageNames = json.RootElement.GetProperty("imageset").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        List<(int Image, DotaObject Object)> objects = [];
        for (int i = 0; i < ImageNames.Length; i++)
        {
            var text = new StringReader(json.RootElement.GetProperty("labelTxt").GetProperty(ImageNames[i] + ".txt").GetString()!);
            DotaLabelFile file = DotaLabelFile.Parse(text, ImageNames[i]);
            Assert.Empty(file.Problems);
            objects.AddRange(file.Objects.Select(o => (i, o)));
        }

        Objects = new DotaObjects
        {
            Images = [.. objects.Select(o => o.Image)],
            Classes = [.. objects.Select(o => classes.ToList().IndexOf(o.Object.ClassName))],
            Polygons = [.. objects.SelectMany(o => o.Object.Polygon)],
            Difficult = [.. objects.Select(o => o.Object.Difficulty > 0)],
        };
        using var folder = new TemporaryResults();
        foreach (JsonProperty file in json.RootElement.GetProperty("Task1").EnumerateObject())
        {
            folder.Write(file.Name, file.Value.GetString()!);
        }

        Detections = Task1Reader.Read(folder.Path, classes, ImageNames).Detections;
    }

    public string[] ImageNames { get; }

    public DotaObjects Objects { get; }

    public DotaDetections Detections { get; }
}
