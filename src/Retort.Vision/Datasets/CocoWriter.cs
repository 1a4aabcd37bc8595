using System.Text.Json;
using Retort.Core.Files;
using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>
/// Writes any data set as a COCO instances file; with <see cref="VocDataset"/> this is the conversion from VOC. The file is there
/// completely or not at all. An object that VOC marks difficult gets <c>iscrowd</c> 1, so that every tool of COCO leaves it out of training
/// and of measuring, <c>ignore</c> 1, and the extra field <c>difficult</c>, by which <see cref="CocoDataset"/> reads it back as what it is.
/// </summary>
public static class CocoWriter
{
    private const int FlushBytes = 1 << 16;

    /// <summary>Writes the file.</summary>
    /// <param name="dataset">What to write. Image ids must be unique; see <see cref="ConcatDataset"/>.</param>
    /// <param name="annotationFile">The file to write; folders are made as needed.</param>
    /// <param name="imageFolder">The folder to which the file names are made relative; all images must lie below it.</param>
    /// <param name="description">A line about the data, for the file's <c>info</c>; empty for the data set's name.</param>
    /// <exception cref="DatasetException">An image lies outside the folder, or an id is there twice.</exception>
    public static void Write(IDetectionDataset dataset, string annotationFile, string imageFolder, string description = "")
    {
        AtomicFile.Write(annotationFile, stream =>
        {
            using Utf8JsonWriter json = new(stream);
            json.WriteStartObject();
            json.WriteStartObject("info");
            json.WriteString("description", description.Length > 0 ? description : dataset.Name);
            json.WriteEndObject();
            WriteCategories(json, dataset);
            WriteImages(json, dataset, annotationFile, imageFolder);
            WriteAnnotations(json, dataset);
            json.WriteEndObject();
        }, createFolder: true);
    }

    private static void WriteCategories(Utf8JsonWriter json, IDetectionDataset dataset)
    {
        json.WriteStartArray("categories");
        foreach ((long id, string name) in dataset.CategoryIds.Zip(dataset.ClassNames))
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("name", name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteImages(Utf8JsonWriter json, IDetectionDataset dataset, string annotationFile, string imageFolder)
    {
        HashSet<long> ids = [];
        json.WriteStartArray("images");
        for (int i = 0; i < dataset.Count; i++)
        {
            ImageRecord image = dataset[i];
            string name = Path.GetRelativePath(imageFolder, image.Path);
            if (ImagePaths.Within(imageFolder, name) is null)
            {
                throw Broken(ProblemKind.PathEscape, annotationFile, $"the image {image.Path} is not below the image folder {imageFolder}",
                    "Name a folder that holds all images.");
            }

            if (!ids.Add(image.Id))
            {
                throw Broken(ProblemKind.Duplicate, annotationFile, $"the image id {image.Id} is there twice",
                    "Join data sets with ConcatDataset, which numbers them anew, and do not repeat them.");
            }

            json.WriteStartObject();
            json.WriteNumber("id", image.Id);
            json.WriteString("file_name", name.Replace(Path.DirectorySeparatorChar, '/'));
            json.WriteNumber("width", image.Width);
            json.WriteNumber("height", image.Height);
            json.WriteEndObject();
            FlushIfFull(json);
        }

        json.WriteEndArray();
    }

    private static void WriteAnnotations(Utf8JsonWriter json, IDetectionDataset dataset)
    {
        long id = 0;
        json.WriteStartArray("annotations");
        for (int i = 0; i < dataset.Count; i++)
        {
            ImageRecord image = dataset[i];
            foreach (ObjectAnnotation annotation in image.Objects)
            {
                json.WriteStartObject();
                json.WriteNumber("id", ++id);
                json.WriteNumber("image_id", image.Id);
                json.WriteNumber("category_id", dataset.CategoryIds[annotation.Label]);
                WriteBox(json, annotation.Box);
                json.WriteNumber("area", annotation.Area);
                json.WriteNumber("iscrowd", annotation.IsCrowd || annotation.Difficult ? 1 : 0);
                if (annotation.Difficult)
                {
                    json.WriteNumber("ignore", 1);
                    json.WriteNumber("difficult", 1);
                }

                json.WriteEndObject();
                FlushIfFull(json);
            }
        }

        json.WriteEndArray();
    }

    private static void FlushIfFull(Utf8JsonWriter json)
    {
        if (json.BytesPending > FlushBytes)
        {
            json.Flush();
        }
    }

    // Width and height in double: in float, x + w would not always give back the right edge.
    private static void WriteBox(Utf8JsonWriter json, Box box)
    {
        json.WriteStartArray("bbox");
        json.WriteNumberValue(box.X1);
        json.WriteNumberValue(box.Y1);
        json.WriteNumberValue((double)box.X2 - box.X1);
        json.WriteNumberValue((double)box.Y2 - box.Y1);
        json.WriteEndArray();
    }

    private static DatasetException Broken(ProblemKind kind, string file, string message, string remedy) =>
        new(new DatasetProblem(ProblemSeverity.Error, kind, file, "", message, remedy));
}
