using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Retort.Core.Files;
using Retort.Core.Geometry;
using Retort.Core.Text;
using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>
/// One object of a VOC file; <see cref="Box"/> is already 0-based. Crowd and area are what Retort's own conversion writes.
/// </summary>
internal sealed record VocObject(string ClassName, Box Box, bool Difficult, bool Crowd, double? Area, string Place);

/// <summary>One VOC annotation file: image size in pixels and objects, with what is wrong in it.</summary>
internal sealed class VocAnnotation
{
    // No annotation of one image comes near; a file that does is not what it says it is.
    private const long LargestFile = 64 << 20;

    private readonly string _path;

    private VocAnnotation(string path)
    {
        _path = path;
    }

    /// <summary>Width as written, pixels; 0 where it is missing.</summary>
    public int Width { get; private set; }

    /// <summary>Height as written, pixels; 0 where it is missing.</summary>
    public int Height { get; private set; }

    /// <summary>The image's id, where Retort's own conversion wrote one.</summary>
    public long? ImageId { get; private set; }

    /// <summary>The objects in the order of the file.</summary>
    public List<VocObject> Objects { get; } = [];

    /// <summary>Errors of the file.</summary>
    public List<DatasetProblem> Problems { get; } = [];

    /// <summary>Parses the file; whatever is wrong is in <see cref="Problems"/>.</summary>
    public static VocAnnotation Read(string path)
    {
        path = FolderPlaces.WithExtensionAsWritten(path);
        VocAnnotation annotation = new(path);
        if (!File.Exists(path))
        {
            annotation.Error(ProblemKind.MissingFile, null, "the annotation file does not exist",
                "Add it, or remove the name from the split.");
            return annotation;
        }

        try
        {
            annotation.Parse(Load(path));
        }
        catch (XmlException e) when (e.Message.Contains("encoding", StringComparison.OrdinalIgnoreCase))
        {
            annotation.Problems.Add(new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.BrokenFile, path, $"line {e.LineNumber}",
                    $"the text is not in the encoding that the file declares: {e.Message.TrimEnd('.')}", "Save the file as UTF-8."));
        }
        catch (XmlException e)
        {
            annotation.Problems.Add(new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.BrokenFile, path, $"line {e.LineNumber}",
                    $"the file is not valid XML, or is cut off: {e.Message.TrimEnd('.')}", "Correct it, or export it again."));
        }

        return annotation;
    }

    private static XElement Load(string path)
    {
        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = LargestFile
        };
        try
        {
            using Stream file = UserFiles.OpenRead(path);
            using XmlReader reader = XmlReader.Create(file, settings, path);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e) when (e.Message.Contains("encoding", StringComparison.OrdinalIgnoreCase)
            && DeclaredCodePage.Of(path) is { } encoding)
        {
            using StreamReader text = new(UserFiles.OpenRead(path), encoding);
            using XmlReader reader = XmlReader.Create(text, settings, path);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
    }

    private void Parse(XElement root)
    {
        if (root.Name.LocalName != "annotation")
        {
            Error(ProblemKind.BrokenFile, root, $"the outermost element is <{root.Name.LocalName}>, not <annotation>",
                "Use annotations in the VOC format.");
            return;
        }

        Width = (int)(Number(root.Element("size")?.Element("width")) ?? 0);
        Height = (int)(Number(root.Element("size")?.Element("height")) ?? 0);
        ImageId = long.TryParse(root.Element("source")?.Element("image_id")?.Value, NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out long id) ? id : null;
        foreach (XElement element in root.Elements("object"))
        {
            ReadObject(element);
        }
    }

    private void ReadObject(XElement element)
    {
        string? name = element.Element("name")?.Value.Trim();
        XElement? box = element.Element("bndbox");
        if (string.IsNullOrEmpty(name) || box is null)
        {
            string[] there = [.. element.Elements().Select(e => e.Name.LocalName)
                .Where(n => n is "robndbox" or "polygon" or "points" or "segmentation" or "mask")];
            string missing = string.IsNullOrEmpty(name) ? "name" : "bndbox";
            Error(
                ProblemKind.BrokenRecord, element,
                    $"the object has no <{missing}>{(missing == "bndbox" && there.Length > 0 ? $"; it has <{there[0]}>" : "")}",
                missing == "bndbox" && there.Contains("robndbox") ? "This is a rotated box of roLabelImg: convert it to label files of "
                    + "DOTA and use data.format=dota, or add upright boxes."
                : missing == "bndbox" && there.Length > 0 ? "Add the upright box around the outline as <bndbox>, or delete the object."
                : "Add it, or delete the object.");
            return;
        }

        double[] sides = [.. new[] { "xmin", "ymin", "xmax", "ymax" }.Select(side => Number(box.Element(side)) ?? double.NaN)];
        if (!sides.All(double.IsFinite))
        {
            Error(ProblemKind.BadNumber, box, "<bndbox> needs xmin, ymin, xmax and ymax as finite numbers",
                "Correct it, or delete the object.");
            return;
        }

        bool crowd = Flag(element, "crowd");
        bool difficult = Flag(element, "difficult") && !crowd;
        Box zeroBased = new((float)(sides[0] - 1), (float)(sides[1] - 1), (float)(sides[2] - 1), (float)(sides[3] - 1));
        Objects.Add(new VocObject(name, zeroBased, difficult, crowd, Number(element.Element("area")) is >= 0 and { } area ? area
            : null, Place(element)));
    }

    private bool Flag(XElement item, string name)
    {
        if (item.Element(name) is not { } element)
        {
            return false;
        }

        bool? value = TruthValue.Parse(element.Value);
        if (value is null)
        {
            Error(ProblemKind.BrokenRecord, element, $"<{name}> is '{element.Value.Trim()}', neither 0 nor 1",
                "Correct it, or leave the element out for 0.");
        }

        return value ?? false;
    }

    private static double? Number(XElement? element) =>
        double.TryParse(element?.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private void Error(ProblemKind kind, XElement? at, string message, string remedy) =>
        Problems.Add(new DatasetProblem(ProblemSeverity.Error, kind, _path, at is null ? "" : Place(at), message, remedy));

    private static string Place(XElement element) => $"line {((IXmlLineInfo)element).LineNumber}";
}
