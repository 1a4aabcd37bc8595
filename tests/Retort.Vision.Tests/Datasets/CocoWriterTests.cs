using CsCheck;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Vision.Tests.Datasets;

public sealed class CocoWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        _folder.Write("img/sub/a.jpg", "");
        string image = Path.Combine(_folder.Path, "img", "sub", "a.jpg");
        string file = Path.Combine(_folder.Path, "out", "gt.json");
        Gen<Box> box = Gen.Select(Gen.Float[0, 500], Gen.Float[0, 400], Gen.Float[1, 140], Gen.Float[1, 80],
            (x, y, w, h) => new Box(x, y, x + w, y + h));
        Gen<ObjectAnnotation> annotation =
            Gen.Select(box, Gen.Int[0, 1], Gen.Bool, Gen.Double[1, 1e5], Gen.Bool,
            (b, l, c, a, d) => new ObjectAnnotation(b, l, c && !d, a, d));
        annotation.Array[1, 20].Sample(
            objects =>
            {
                CocoWriter.Write(new OneImage(new ImageRecord(17, image, 640, 480, objects)), file, Path.Combine(_folder.Path, "img"));
                CocoDataset back = CocoDataset.Read(file, Path.Combine(_folder.Path, "img"), new DatasetReadOptions { Strict = true });
                Assert.Equal(["dog", "cat"], back.ClassNames);
                Assert.Equal([5, 8], back.CategoryIds);
                Assert.Equal((17L, image, 640, 480), (back[0].Id, back[0].Path, back[0].Width, back[0].Height));
                Assert.Equal(objects, back[0].Objects);
            },
            iter: 100, threads: 1);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_alone()
    {
        string file = _folder.Write("gt.json", "old");
        OneImage outside = new(new ImageRecord(1, "/elsewhere/a.jpg", 10, 10, []));
        DatasetException e = Assert.Throws<DatasetException>(() => CocoWriter.Write(outside, file, _folder.Path));
        Assert.Equal(ProblemKind.PathEscape, e.Problem.Kind);
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Single(Directory.GetFiles(_folder.Path));
        Assert.Equal(ProblemKind.Duplicate, Assert.Throws<DatasetException>(() =>
            CocoWriter.Write(new RepeatDataset(new OneImage(new ImageRecord(1, Path.Combine(_folder.Path, "a.jpg"), 10, 10, [])), 2), file,
                _folder.Path)).Problem.Kind);
    }

    [Fact]
    public void The_blood_cells_convert_from_voc_without_loss()
    {
        string root = Repository.SharedOrSkip("data/bccd");
        VocDataset voc = VocDataset.Read(root, "val");
        string file = Path.Combine(_folder.Path, "val.json");
        CocoWriter.Write(voc, file, Path.Combine(root, "JPEGImages"));
        CocoDataset coco = CocoDataset.Read(file, Path.Combine(root, "JPEGImages"));
        Assert.Equal(voc.ClassNames, coco.ClassNames);
        Assert.Equal(voc.CategoryIds, coco.CategoryIds);
        Assert.Equal(voc.Count, coco.Count);
        for (int i = 0; i < voc.Count; i++)
        {
            Assert.Equal(voc[i].Objects, coco[i].Objects);
            Assert.Equal((voc[i].Id, Path.GetFullPath(voc[i].Path)), (coco[i].Id, coco[i].Path));
        }
    }

    private sealed class OneImage(ImageRecord record) : IDetectionDataset
    {
        public string Name => "one";

        public IReadOnlyList<string> ClassNames => ["dog", "cat"];

        public IReadOnlyList<long> CategoryIds => [5, 8];

        public int Count => 1;

        public ImageRecord this[int index] => record;
    }
}
