using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Loading;

/// <summary>A few small pictures on the disk with one object each, unless a test changes them.</summary>
internal sealed class MemoryDataset : IDetectionDataset, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MemoryDataset(int count)
    {
        for (int i = 0; i < count; i++)
        {
            // Two of three are wider than high; sizes differ within a group.
            (int width, int height) = i % 3 == 0 ? (40, 64 + i) : (64 + i, 48);
            string path = _folder.File($"image{i}.{(i % 2 == 0 ? "png" : "jpg")}");
            using Image image = Pictures.Scene(width, height, i);
            ImageEncoder.Write(path, image);
            Records.Add(new ImageRecord(100 + i, path, width, height, [new ObjectAnnotation(new Box(4, 6, 24, 36), i % 2, false, 600)]));
        }
    }

    public List<ImageRecord> Records { get; } = [];

    public string Name => "memory";

    public IReadOnlyList<string> ClassNames => ["a", "b"];

    public IReadOnlyList<long> CategoryIds => [1, 2];

    public int Count => Records.Count;

    public ImageRecord this[int index] => Records[index];

    public void SetObjects(int index, params ObjectAnnotation[] objects) => Records[index] = Records[index] with { Objects = objects };

    public void Dispose() => _folder.Dispose();
}
