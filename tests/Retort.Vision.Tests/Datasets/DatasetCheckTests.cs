using Retort.Vision.Datasets;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Datasets;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_report_counts_and_names_images_that_do_not_fit()
    {
        using (Image image = new(40, 30))
        {
            ImageEncoder.Write(Path.Combine(_folder.Path, "good.png"), image);
            ImageEncoder.Write(Path.Combine(_folder.Path, "turned.png"), image);
        }

        _folder.Write("broken.png", "this is no picture");
        string file = _folder.Write("gt.json", """
            {"categories":[{"id":1,"name":"cat"},{"id":2,"name":"dog"}],
             "images":[{"id":1,"file_name":"good.png","width":40,"height":30},{"id":2,"file_name":"turned.png","width":30,"height":40},
                       {"id":3,"file_name":"broken.png","width":200,"height":200},{"id":4,"file_name":"none.png","width":4,"height":4}],
             "annotations":[{"image_id":1,"category_id":1,"bbox":[0,0,10,10]},{"image_id":1,"category_id":1,"bbox":[0,0,40,30],"iscrowd":1},
                            {"image_id":3,"category_id":1,"bbox":[0,0,150,150]},{"image_id":3,"category_id":1,"bbox":[0,0,0,10]}]}
            """);
        CocoDataset data = CocoDataset.Read(file, _folder.Path, new DatasetReadOptions { CollectErrors = true });
        int told = 0;
        DatasetReport report = DatasetCheck.Run(data, data.Problems, decodeImages: true,
            progress: new Counter(() => Interlocked.Increment(ref told)));

        Assert.Equal((4, 2, 3, 1, 0), (report.Images, report.ImagesWithoutObjects, report.Objects, report.Crowds, report.Difficult));
        Assert.Equal([new ClassCount("cat", 1, 3, 2), new ClassCount("dog", 2, 0, 0)], report.Classes);
        Assert.Equal(new SizeCounts(1, 1, 1), report.Sizes);
        Assert.Equal(new ImageSizes(4, 200, 4, 200), report.ImageSizes);
        Assert.Equal((2, 4), (report.DecodedImages, told));
        Assert.Equal(
            [ProblemKind.MissingFile, ProblemKind.EmptyBox, ProblemKind.SizeMismatch, ProblemKind.UnreadableImage,
                ProblemKind.NoAnnotations],
            report.Problems.Items.Select(p => p.Kind));
        Assert.Equal((3, 1), (report.Problems.Errors, report.Problems.Warnings));
        Assert.Contains("40 x 30 pixels, the annotation says 30 x 40", report.Problems.Items[2].Message);
    }

    [Fact]
    public void Images_of_sixteen_bits_are_told_once()
    {
        foreach (string name in new[] { "a", "b" })
        {
            File.WriteAllBytes(Path.Combine(_folder.Path, name + ".png"), Pictures.GrayOfSixteenBits(4, 3));
        }

        string file = _folder.Write("gt.json", """
            {"categories":[{"id":1,"name":"cat"}],
             "images":[{"id":1,"file_name":"a.png","width":4,"height":3},{"id":2,"file_name":"b.png","width":4,"height":3}],
             "annotations":[{"image_id":1,"category_id":1,"bbox":[0,0,3,3]}]}
            """);
        CocoDataset data = CocoDataset.Read(file, _folder.Path);
        DatasetProblem warning = Assert.Single(DatasetCheck.Run(data, data.Problems, decodeImages: true).Problems.Items);
        Assert.Equal((ProblemKind.SixteenBitImages, ProblemSeverity.Warning), (warning.Kind, warning.Severity));
        Assert.Contains("a.png: the image has 16 bits a sample, of which the upper 8 are used (2 of 2 images)", warning.ToString());
    }

    [Fact]
    public void The_blood_cells_decode_and_have_the_size_that_their_xml_says()
    {
        VocDataset data = VocDataset.Read(Repository.SharedOrSkip("data/bccd"), "val");
        DatasetReport report = DatasetCheck.Run(data, data.Problems, decodeImages: true);
        Assert.Equal((87, 0), (report.DecodedImages, report.Problems.Errors));
        Assert.Equal(report.Objects, report.Sizes.Small + report.Sizes.Medium + report.Sizes.Large);
    }

    private sealed class Counter(Action count) : IProgress<int>
    {
        public void Report(int value) => count();
    }
}
