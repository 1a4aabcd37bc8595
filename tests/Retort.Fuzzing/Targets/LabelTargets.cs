using System.IO.Compression;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Dota;
using Retort.Fuzzing.Mutation;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;

namespace Retort.Fuzzing.Targets;

/// <summary>Label files, results files and lists of names.</summary>
internal static class LabelTargets
{
    private const string Coco = """
        {"info": {"year": 2026}, "licenses": [],
         "images": [{"id": 1, "file_name": "a.png", "width": 32, "height": 24},
          {"id": 7, "file_name": "b/c.png", "width": 32, "height": 24}],
         "categories": [{"id": 1, "name": "cat", "supercategory": "animal"}, {"id": 3, "name": "dog"}],
         "annotations": [
          {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1.5, 2, 10, 12.25], "area": 122.5, "iscrowd": 0,
           "segmentation": [[1.5, 2, 11.5, 2, 11.5, 14.25]]},
          {"id": 2, "image_id": 7, "category_id": 3, "bbox": [0, 0, 32, 24], "iscrowd": 1,
           "segmentation": {"counts": [0, 768], "size": [24, 32]}},
          {"id": 3, "image_id": 7, "category_id": 3, "bbox": [3, 4, 5, 6], "difficult": 1, "ignore": 0}]}
        """;

    private const string Results = """
        [{"image_id": 1, "category_id": 1, "bbox": [1.5, 2.0, 10.0, 12.25], "score": 0.9},
         {"image_id": 7, "category_id": 3, "bbox": [0, 0, 31.5, 24], "score": 1e-3},
         {"image_id": 7, "category_id": 1, "bbox": [4, 4, 8, 8], "score": 0.5, "segmentation": []}]
        """;

    private const string RotatedCoco = """
        {"images": [{"id": 1, "filename": "a.png", "width": 32, "height": 24}],
         "categories": [{"id": 0, "name": "ship"}],
         "annotation": [{"id": 1, "image_id": 1, "category_id": 0, "bbox": [16, 12, 10, 4, 0.5], "area": 40, "iscrowd": 0},
          {"id": 2, "image_id": 1, "category_id": 0, "bbox": [8, 8, 4, 4, -1.25], "difficult": 1}]}
        """;

    private const string Voc = """
        <?xml version="1.0" encoding="utf-8"?>
        <annotation>
          <folder>images</folder><filename>a.png</filename>
          <source><database>drawn</database><image_id>3</image_id></source>
          <size><width>32</width><height>24</height><depth>3</depth></size>
          <object><name>cat</name><pose>Left</pose><truncated>0</truncated><difficult>0</difficult>
            <bndbox><xmin>2</xmin><ymin>3</ymin><xmax>12.5</xmax><ymax>15</ymax></bndbox></object>
          <object><name>dog &amp; co</name><difficult>1</difficult><crowd>1</crowd><area>12</area>
            <bndbox><xmin>1</xmin><ymin>1</ymin><xmax>32</xmax><ymax>24</ymax></bndbox></object>
        </annotation>
        """;

    private const string Dota = "imagesource:GoogleEarth\ngsd:0.146343\n2 3 12.5 3 12.5 9 2 9 ship 0\n"
        + "20.0 5.0 28.0 8.0 26.0 14.0 18.0 11.0 roof 1\n1 1 5 1 5 5 1 5 ship\n";
    private const string Yolo = "0 0.5 0.5 0.25 0.5\n1 0.125 0.25 0.1 0.2\n";
    private const string YoloCorners = "0 0.1 0.1 0.6 0.1 0.6 0.4 0.1 0.4\n1 0.5 0.5 0.9 0.6 0.8 0.9 0.4 0.8\n";
    private const string Task1 = "a 0.9 2 3 12.5 3 12.5 9 2 9\na 0.125 20.0 5.0 28.0 8.0 26.0 14.0 18.0 11.0\na 1e-3 1 1 5 1 5 5 1 5\n";
    private const string Windows = "a__32__0___0 0.9 2 3 12.5 3 12.5 9 2 9\n"
        + "a__32__16___8 0.8 2 3 12.5 3 12.5 9 2 9\na__0.5__16___8 0.7 2 3 12.5 3 12.5 9 2 9\n";

    private static readonly TextMutator s_json = new(
        "\"images\"", "\"annotations\"", "\"categories\"", "\"id\"", "\"image_id\"", "\"category_id\"", "\"bbox\"", "\"area\"",
            "\"iscrowd\"", "\"file_name\"", "\"width\"", "\"height\"", "\"score\"", "\"name\"", "\"difficult\"",
        "\"../a.png\"", "\"/etc/passwd\"", "\"\"", "[1,2,3,4]", "[1,2,3,4,5]", "[]", "{}", "null", "true", "\"1\"");

    private static readonly TextMutator s_xml = new(
        "<object>", "</object>", "<bndbox>", "<name>", "</name>", "<size>", "<annotation>", "<difficult>1</difficult>",
            "<crowd>1</crowd>", "<image_id>9223372036854775808</image_id>", "<a:b xmlns:a='x'/>", " a=\"1\"", "utf-16", "iso-8859-1",
            "windows-1252", "xx");

    private static readonly TextMutator s_lines = new("0", "1", "ship", "roof", "imagesource:", "gsd:", "a", "a__32__0___0",
        "a__1e9__1___1", "__", "___", ",", "\"", "../a", "/a", "names:", " ");

    private static readonly DatasetReadOptions s_lenient = new()
    {
        CollectErrors = true,
        CheckImageFiles = false,
        AllowNoAnnotations = true
    };
    private static readonly DatasetReadOptions s_measured = new() { BoxesAsWritten = true, KeepEmptyBoxes = true };

    private static readonly Lazy<byte[]> s_image = new(() =>
    {
        using var image = new Image(32, 24);
        return ImageEncoder.EncodePng(image);
    });

    public static IEnumerable<FuzzTarget> All() => [.. CocoTargets(), .. VocTargets(), .. YoloTargets(), .. DotaTargets()];

    private static IEnumerable<FuzzTarget> CocoTargets()
    {
        byte[] truth = Text.Bytes(Coco);
        return
        [
            new() { Name = "coco-training", Mutator = s_json, Seeds = [truth], File = "a.json",
                Others = [("a.png", s_image.Value), ("b/c.png", s_image.Value)], Read = at => CocoDataset.Read(In(at, "a.json"), at) },
            new() { Name = "coco-checked", Mutator = s_json, Seeds = [truth], File = "a.json",
                Read = at => CocoDataset.Read(In(at, "a.json"), at, s_lenient) },
            new() { Name = "coco-truth", Mutator = s_json, Seeds = [truth], File = "a.json",
                Read = at => CocoGroundTruth.Read(In(at, "a.json")) },
            new() { Name = "coco-results", Mutator = s_json, Seeds = [Text.Bytes(Results)], File = "a.json",
                Others = [("truth.json", truth)], Read = at => CocoDetections.Read(In(at, "a.json"),
                CocoGroundTruth.Read(In(at, "truth.json"))) },
            new() { Name = "coco-rotated", Mutator = s_json, Seeds = [Text.Bytes(RotatedCoco)], File = "a.json",
                Read = at => RotatedCocoConverter.ToDota(In(at, "a.json"), AngleUnit.Radians) },
        ];
    }

    private static IEnumerable<FuzzTarget> VocTargets()
    {
        (string, byte[]) image = ("JPEGImages/a.png", s_image.Value), annotation = ("Annotations/a.xml", Text.Bytes(Voc)),
            list = ("ImageSets/Main/train.txt", Text.Bytes("a\n"));
        return
        [
            new() { Name = "voc", Mutator = s_xml, Seeds = [Text.Bytes(Voc)], File = "Annotations/a.xml", Others = [image, list],
                Read = at => VocDataset.Read(at, "train") },
            new() { Name = "voc-list", Mutator = s_lines, Seeds = Text.Seeds("a\nb\n", "a 1\nb -1\n"), File = "ImageSets/Main/train.txt",
                Others = [image, annotation], Read = at => VocDataset.Read(at, "train", s_lenient) },
            new() { Name = "voc-categories", Mutator = s_lines, Seeds = Text.Seeds("1 cat\n3 dog & co\n"), File = "categories.txt",
                Others = [image, annotation, list], Read = at => VocDataset.Read(at, "train") },
        ];
    }

    private static IEnumerable<FuzzTarget> YoloTargets()
    {
        (string, byte[]) image = ("images/a.png", s_image.Value);
        return
        [
            new() { Name = "yolo", Mutator = s_lines, Seeds = Text.Seeds(Yolo, YoloCorners),
                File = "labels/a.txt", Others = [image], Read = at => YoloDataset.Read(In(at, "labels"), In(at, "images"),
                ["cat", "dog"]) },
            new() { Name = "yolo-corners", Mutator = s_lines, Seeds = Text.Seeds(YoloCorners), RejectedSeeds = Text.Seeds(Yolo),
                File = "labels/a.txt", Others = [image], Read = at => YoloConverter.ToDota(In(at, "labels"), In(at, "images"),
                ["cat", "dog"]) },
        ];
    }

    private static IEnumerable<FuzzTarget> DotaTargets()
    {
        (string, byte[]) image = ("images/a.png", s_image.Value);
        var zip = new ZipMutator(new ByteMutator(), s_lines, CompressionLevel.Fastest);
        byte[] zipped = ZipMutator.Build(CompressionLevel.Fastest, [("Task1_ship.txt", Text.Bytes(Task1)),
            ("Task1_roof.txt", Text.Bytes(Windows))]);
        return
        [
            new() { Name = "dota", Mutator = s_lines, Seeds = Text.Seeds(Dota), File = "labels/a.txt", Others = [image],
                Read = at => DotaDataset.Read(In(at, "labels"), In(at, "images")) },
            new() { Name = "dota-measured", Mutator = s_lines, Seeds = Text.Seeds(Dota), File = "labels/a.txt", Others = [image],
                Read = at => DotaDataset.Read(In(at, "labels"), In(at, "images"), options: s_measured) },
            new() { Name = "dota-list", Mutator = s_lines, Seeds = Text.Seeds("a\n"), File = "list.txt",
                Others = [image, ("labels/a.txt", Text.Bytes(Dota))],
                Read = at => DotaDataset.Read(In(at, "labels"), In(at, "images"), In(at, "list.txt")) },
            new() { Name = "task1", Mutator = s_lines, Seeds = Text.Seeds(Task1), File = "Task1_ship.txt",
                Read = at => Task1Reader.Read(at, Task1Reader.ClassesIn(at)) },
            new() { Name = "task1-merged", Mutator = s_lines, Seeds = Text.Seeds(Windows), RejectedSeeds = Text.Seeds(Task1),
                File = "Task1_ship.txt", Read = at => Task1Reader.Read(at, Task1Reader.ClassesIn(at)).Merge() },
            new() { Name = "task1-zip", Mutator = zip, Seeds = [zipped], File = "task1.zip",
                Read = at => Task1Reader.Read(In(at, "task1.zip"), Task1Reader.ClassesIn(In(at, "task1.zip"))) },
        ];
    }

    private static string In(string folder, string file) => Path.Combine(folder, file);
}
