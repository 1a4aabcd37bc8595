using System.Text.Json;

namespace Retort.Evaluation.Coco;

/// <summary>Reads a COCO annotation file into columns. Sections may come in any order; what is not needed is skipped.</summary>
internal static class CocoGroundTruthReader
{
    /// <summary>The columns while they grow; a NaN area stands for a missing one.</summary>
    private sealed class Columns
    {
        public List<long>? Images { get; set; }

        public List<CocoCategory>? Categories { get; set; }

        /// <summary>Ids by file name, with and without extension and folders; null where several images have that name.</summary>
        public Dictionary<string, long?> Names { get; } = [];

        public void AddName(string? name, long id)
        {
            foreach (string form in name is null ? []
                : new[] { name, Path.ChangeExtension(name, null), Path.GetFileName(name),
                Path.GetFileNameWithoutExtension(name) }.Distinct())
            {
                Names[form] = Names.TryGetValue(form, out long? other) && other != id ? null : id;
            }
        }

        public bool HasAnnotations { get; set; }

        public List<long?> Ids { get; } = [];

        public List<long> ImageIds { get; } = [];

        public List<long> CategoryIds { get; } = [];

        public List<double> Boxes { get; } = [];

        public List<double> Areas { get; } = [];

        public List<bool> Crowd { get; } = [];
    }

    public static CocoGroundTruth Read(Stream stream, string source)
    {
        var json = new JsonTokenStream(stream, source);
        var columns = new Columns();
        json.Expect(JsonTokenType.StartObject, "an object with images, annotations and categories");
        while (json.Read() && json.Type == JsonTokenType.PropertyName)
        {
            ReadSection(ref json, columns);
        }

        json.Read();
        return Build(columns, source);
    }

    private static void ReadSection(ref JsonTokenStream json, Columns columns)
    {
        if (json.NameIs("images"u8))
        {
            columns.Images = [];
            json.Section = "images";
            ReadEntries(ref json, columns, ReadImage);
        }
        else if (json.NameIs("categories"u8))
        {
            columns.Categories = [];
            json.Section = "categories";
            ReadEntries(ref json, columns, ReadCategory);
        }
        else if (json.NameIs("annotations"u8))
        {
            columns.HasAnnotations = true;
            json.Section = "annotations";
            ReadEntries(ref json, columns, ReadAnnotation);
        }
        else
        {
            json.Skip();
        }

        (json.Section, json.Index) = ("", -1);
    }

    private delegate void EntryReader(ref JsonTokenStream json, Columns columns);

    private static void ReadEntries(ref JsonTokenStream json, Columns columns, EntryReader readEntry)
    {
        json.Expect(JsonTokenType.StartArray, $"{json.Section} to be an array");
        for (json.Index = 0; json.Read() && json.Type == JsonTokenType.StartObject; json.Index++)
        {
            readEntry(ref json, columns);
        }

        if (json.Type != JsonTokenType.EndArray)
        {
            throw json.Error("expected an object", $"every entry of {json.Section} is an object");
        }
    }

    private static void ReadImage(ref JsonTokenStream json, Columns columns)
    {
        long? id = null;
        string? name = null;
        while (json.Read() && json.Type == JsonTokenType.PropertyName)
        {
            if (json.NameIs("id"u8))
            {
                id = json.ReadInteger("id");
            }
            else if (json.NameIs("file_name"u8))
            {
                name = json.ReadOptionalText();
            }
            else
            {
                json.Skip();
            }
        }

        columns.Images!.Add(Required(in json, id, "id"));
        columns.AddName(name, columns.Images[^1]);
    }

    private static void ReadCategory(ref JsonTokenStream json, Columns columns)
    {
        long? id = null;
        string? name = null;
        while (json.Read() && json.Type == JsonTokenType.PropertyName)
        {
            if (json.NameIs("id"u8))
            {
                id = json.ReadInteger("id");
            }
            else if (json.NameIs("name"u8))
            {
                name = json.ReadText("name");
            }
            else
            {
                json.Skip();
            }
        }

        long known = Required(in json, id, "id");
        columns.Categories!.Add(new CocoCategory(known, name ?? $"category {known}"));
    }

    /// <summary>The fields of an annotation as they come; a NaN area stands for a missing one.</summary>
    private struct Annotation()
    {
        public long? Id;
        public long? Image;
        public long? Category;
        public bool HasBox;
        public double Area = double.NaN;
        public bool Crowd;
    }

    private static void ReadAnnotation(ref JsonTokenStream json, Columns columns)
    {
        var read = new Annotation();
        Span<double> box = stackalloc double[4];
        while (json.Read() && json.Type == JsonTokenType.PropertyName)
        {
            ReadField(ref json, ref read, box);
        }

        columns.Ids.Add(read.Id);
        columns.ImageIds.Add(Required(in json, read.Image, "image_id"));
        columns.CategoryIds.Add(Required(in json, read.Category, "category_id"));
        Required(in json, read.HasBox ? 1 : null, "bbox");
        columns.Boxes.AddRange(box);
        columns.Areas.Add(double.IsNaN(read.Area) ? box[2] * box[3] : read.Area);
        columns.Crowd.Add(read.Crowd);
    }

    private static void ReadField(ref JsonTokenStream json, ref Annotation read, scoped Span<double> box)
    {
        if (json.NameIs("id"u8))
        {
            read.Id = json.ReadInteger("id");
        }
        else if (json.NameIs("image_id"u8))
        {
            read.Image = json.ReadInteger("image_id");
        }
        else if (json.NameIs("category_id"u8))
        {
            read.Category = json.ReadInteger("category_id");
        }
        else if (json.NameIs("bbox"u8))
        {
            json.ReadBox(box);
            read.HasBox = true;
        }
        else if (json.NameIs("area"u8))
        {
            read.Area = json.ReadOptionalNumber("area") ?? double.NaN;
        }
        else if (json.NameIs("iscrowd"u8))
        {
            read.Crowd |= json.ReadFlag("iscrowd");
        }
        else if (json.NameIs("difficult"u8))
        {
            // VOC's mark, as Retort's own conversion writes it: such an object counts neither for nor against a detector.
            read.Crowd |= json.ReadFlag("difficult");
        }
        else
        {
            json.Skip();
        }
    }

    private static long Required(ref readonly JsonTokenStream json, long? value, string field) =>
        value ?? throw json.Error($"the field {field} is missing", "COCO format needs it");

    private static CocoGroundTruth Build(Columns columns, string source)
    {
        string? missing = columns.Images is null ? "images" : columns.Categories is null ? "categories" : columns.HasAnnotations ? null
            : "annotations";
        if (missing is not null)
        {
            throw DataError.At(source, "", $"there is no section '{missing}'",
                "an annotation file in COCO format has images, annotations and categories");
        }

        if (columns.Ids.Count == 0)
        {
            throw DataError.At(source, "annotations", "there are no annotations",
                "without objects nothing can be measured; take the annotation file of a labelled split");
        }

        var annotations = new CocoAnnotations
        {
            // Nothing refers to the ids: where one is missing or there twice, the annotations are numbered.
            Ids = columns.Ids.Contains(null) || columns.Ids.Distinct().Count() < columns.Ids.Count ? null
                : [.. columns.Ids.Select(id => id!.Value)],
            ImageIds = [.. columns.ImageIds],
            CategoryIds = [.. columns.CategoryIds],
            Boxes = [.. columns.Boxes],
            Areas = [.. columns.Areas],
            Crowd = [.. columns.Crowd],
        };
        return new CocoGroundTruth(columns.Images!, columns.Categories!, annotations, source) { ImageNames = columns.Names };
    }
}
