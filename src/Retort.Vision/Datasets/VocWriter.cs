using System.Globalization;
using System.Text;
using System.Xml;
using Retort.Core.Files;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>
/// Writes any data set as a VOC folder, the way that <see cref="VocDataset"/> reads it: one is added to all four coordinates, which may
/// have fractions. What VOC has no place for stands in elements that other readers skip: <c>source/image_id</c>, an object's <c>crowd</c>
/// and, where it is not that of the box, its <c>area</c>; the class ids are in <c>categories.txt</c>. Crowds are marked difficult, so that
/// other tools leave them out too.
/// </summary>
public static class VocWriter
{
    /// <summary>
    /// Writes the annotations, copies the images and writes the list of the split. The folder is put together beside its place and moved
    /// there when it is complete; a folder that exists gets the files one by one, the list last.
    /// </summary>
    /// <param name="dataset">What to write.</param>
    /// <param name="root">The folder to make.</param>
    /// <param name="split">The name of the list in <c>ImageSets/Main</c>.</param>
    /// <param name="imageFolder">The folder of the images; names are their paths below it, without the extension.</param>
    /// <param name="options">How images get there, and what happens to a folder that is not empty.</param>
    /// <exception cref="DatasetException">Something cannot be written in this format, or the folder has files and may not be
    /// changed.</exception>
    public static void Write(IDetectionDataset dataset, string root, string split, string imageFolder, VocWriteOptions? options = null)
    {
        options ??= new VocWriteOptions();
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        CheckTarget(dataset, root, options);
        CheckText(split, "split", root, mayHaveBlanks: false);
        foreach (string name in dataset.ClassNames)
        {
            CheckText(name, "class", root, mayHaveBlanks: true);
        }

        string list = Path.Combine("ImageSets", "Main", split + ".txt");
        using StagedFolder stage = new(root);
        Fill(stage.Path, root, dataset, list, imageFolder, options);
        if (Directory.Exists(root))
        {
            RefuseOtherImages(stage.Path, root, list);
        }

        stage.Publish(last: list);
    }

    private static void CheckTarget(IDetectionDataset dataset, string root, VocWriteOptions options)
    {
        if (File.Exists(root))
        {
            throw Broken(ProblemKind.Duplicate, root, "there is a file of this name", "Choose another folder.");
        }

        if (!StagedFolder.HasContent(root))
        {
            return;
        }

        if (!options.Overwrite)
        {
            throw Broken(ProblemKind.Duplicate, root, "the folder is not empty",
                "Choose another one, or say that files of the same name may be replaced (--force).");
        }

        if (VocCategories.Read(root) is { } there
            && !there.SequenceEqual(dataset.CategoryIds.Zip(dataset.ClassNames).OrderBy(c => c.First)))
        {
            throw Broken(
                ProblemKind.UnknownClass, Path.Combine(root, VocCategories.FileName),
                    "the folder has other classes than what is to be added", "Choose another folder.");
        }
    }

    private static void Fill(string stage, string root, IDetectionDataset dataset, string listName, string imageFolder,
        VocWriteOptions options)
    {
        string list = Path.Combine(stage, listName);
        UserFiles.CreateFolder(Path.Combine(stage, "JPEGImages"));
        UserFiles.CreateFolder(Path.Combine(stage, "Annotations"));
        UserFiles.CreateFolder(Path.GetDirectoryName(list)!);
        HashSet<string> names = new(StringComparer.Ordinal);
        using (StreamWriter lines = new(list) { NewLine = "\n" })
        {
            for (int k = 0; k < dataset.Count; k++)
            {
                options.Cancel.ThrowIfCancellationRequested();
                ImageRecord image = dataset[k];
                string name = Name(image, imageFolder);
                if (!names.Add(name))
                {
                    throw Broken(ProblemKind.Duplicate, image.Path, $"a second image is called '{name}' without its extension",
                        "VOC's files are named by that; rename one of them.");
                }

                lines.WriteLine(name);
                string place = Path.Combine("JPEGImages", name + Path.GetExtension(image.Path));
                if (!HaveSameBytes(image.Path, Path.Combine(root, place)))
                {
                    Place(image.Path, Path.Combine(stage, place), options);
                }

                WriteAnnotation(Path.Combine(stage, "Annotations", name + ".xml"), image, dataset.ClassNames);
                options.Progress?.Report(k + 1);
            }
        }

        if (!NameList.Read(list).Select(e => e.Name).ToHashSet(StringComparer.Ordinal).SetEquals(names))
        {
            throw Broken(ProblemKind.BrokenRecord, list,
                "the images' names end in -1, 0 or 1 after a blank, which VOC's lists take for a mark", "Rename the images.");
        }

        RenamedFile.Write(Path.Combine(stage, VocCategories.FileName),
            Encoding.UTF8.GetBytes(VocCategories.Text(dataset.CategoryIds, dataset.ClassNames)));
    }

    private static string Name(ImageRecord image, string imageFolder)
    {
        string relative = Path.GetRelativePath(imageFolder, image.Path).Replace(Path.DirectorySeparatorChar, '/');
        if (ImagePaths.Within(imageFolder, relative) is null)
        {
            throw Broken(ProblemKind.PathEscape, image.Path, $"the image is not below the image folder {imageFolder}",
                "Name a folder that holds all images.");
        }

        if (!ImageExtensions.IsRead(relative))
        {
            throw Broken(ProblemKind.UnreadableImage, image.Path,
                $"the file name of an image ends in one of {string.Join(", ", ImageExtensions.Read)}", "Convert it, or leave it out.");
        }

        string name = Path.ChangeExtension(relative, null);
        CheckText(name, "image", image.Path, mayHaveBlanks: true);
        return name;
    }

    // Where the image is in its place already it stays: it may be the only one, which a link to itself must not replace.
    private static bool HaveSameBytes(string image, string there)
    {
        if (!File.Exists(there) || new FileInfo(there).ResolveLinkTarget(returnFinalTarget: true) is { Exists: false })
        {
            return false;
        }

        using Stream one = UserFiles.OpenRead(image), other = UserFiles.OpenRead(there);
        (var left, var right) = (new byte[1 << 16], new byte[1 << 16]);
        int read;
        do
        {
            read = one.ReadAtLeast(left, left.Length, throwOnEndOfStream: false);
            int compared = other.ReadAtLeast(right, right.Length, throwOnEndOfStream: false);
            if (!left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, compared)))
            {
                return false;
            }
        }
        while (read > 0);
        return true;
    }

    private static void Place(string source, string target, VocWriteOptions options)
    {
        UserFiles.CreateFolder(Path.GetDirectoryName(target)!);
        if (options.LinkImages)
        {
            UserFiles.Guard(target, FileUse.WriteFile, () => File.CreateSymbolicLink(target, Path.GetFullPath(source)));
        }
        else
        {
            UserFiles.Guard(target, FileUse.WriteFile, () => File.Copy(source, target));
        }
    }

    private static void WriteAnnotation(string file, ImageRecord image, IReadOnlyList<string> classNames)
    {
        UserFiles.CreateFolder(Path.GetDirectoryName(file)!);
        using var xml = XmlWriter.Create(file, new XmlWriterSettings
        {
            Indent = true,
            OmitXmlDeclaration = true,
            NewLineChars = "\n",
            Encoding = new UTF8Encoding(false)
        });
        xml.WriteStartElement("annotation");
        xml.WriteElementString("filename", Path.GetFileName(image.Path));
        xml.WriteStartElement("source");
        xml.WriteElementString("database", "converted by Retort");
        xml.WriteElementString("image_id", Text(image.Id));
        xml.WriteEndElement();
        xml.WriteStartElement("size");
        xml.WriteElementString("width", Text(image.Width));
        xml.WriteElementString("height", Text(image.Height));
        xml.WriteElementString("depth", "3");
        xml.WriteEndElement();
        xml.WriteElementString("segmented", "0");
        foreach (ObjectAnnotation annotation in image.Objects)
        {
            WriteObject(xml, annotation, classNames[annotation.Label]);
        }

        xml.WriteEndElement();
    }

    private static void WriteObject(XmlWriter xml, ObjectAnnotation annotation, string className)
    {
        xml.WriteStartElement("object");
        xml.WriteElementString("name", className);
        xml.WriteElementString("pose", "Unspecified");
        xml.WriteElementString("truncated", "0");
        xml.WriteElementString("difficult", annotation.Difficult || annotation.IsCrowd ? "1" : "0");
        if (annotation.IsCrowd)
        {
            xml.WriteElementString("crowd", "1");
        }

        if (annotation.Area != annotation.Box.Area)
        {
            xml.WriteElementString("area", Text(annotation.Area));
        }

        // In double, in which one more and one less gives the same float again.
        xml.WriteStartElement("bndbox");
        xml.WriteElementString("xmin", Text(annotation.Box.X1 + 1.0));
        xml.WriteElementString("ymin", Text(annotation.Box.Y1 + 1.0));
        xml.WriteElementString("xmax", Text(annotation.Box.X2 + 1.0));
        xml.WriteElementString("ymax", Text(annotation.Box.Y2 + 1.0));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    // The images of another split stay: a name that it has too must be of the same image, which is not put together again.
    private static void RefuseOtherImages(string stage, string root, string list)
    {
        string lists = Path.Combine(root, "ImageSets", "Main");
        string[] others = Directory.Exists(lists) ? [.. UserFiles.List(lists, "*.txt").Where(file => file != Path.Combine(root, list))]
            : [];
        HashSet<string> taken = [.. others.SelectMany(NameList.Read).Select(e => e.Name)];
        foreach (string image in UserFiles.List(Path.Combine(stage, "JPEGImages"), "*", below: true))
        {
            string place = Path.GetRelativePath(stage, image), name =
                Path.ChangeExtension(Path.GetRelativePath(Path.Combine(stage, "JPEGImages"), image), null);
            string there = Path.Combine(root, place);
            if (taken.Contains(name.Replace(Path.DirectorySeparatorChar, '/')))
            {
                throw Broken(ProblemKind.Duplicate, there, $"another split of the folder has another image called '{name}'",
                    "Choose another folder; both can be joined by 'union' in a recipe.");
            }
        }
    }

    private static void CheckText(string text, string what, string file, bool mayHaveBlanks)
    {
        bool fits = text.Length > 0 && text.Trim() == text && !text.Any(char.IsControl)
            && text.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c));
        if (!fits || (!mayHaveBlanks && (text.Any(char.IsWhiteSpace) || text != Path.GetFileName(text))))
        {
            throw Broken(ProblemKind.BrokenRecord, file,
                $"'{text}' cannot be the name of {(what == "image" ? "an" : "a")} {what} in VOC's format",
                "Rename it: without control characters, and without blanks at its ends.");
        }
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static DatasetException Broken(ProblemKind kind, string file, string message, string remedy) =>
        new(new DatasetProblem(ProblemSeverity.Error, kind, file, "", message, remedy));
}

/// <summary>How a VOC folder is written.</summary>
public sealed record VocWriteOptions
{
    /// <summary>Whether images become symbolic links instead of copies. Default: no.</summary>
    public bool LinkImages { get; init; }

    /// <summary>
    /// Whether a folder that is not empty gets the files, which replaces those of the same name. Default: no, that is an error.
    /// </summary>
    public bool Overwrite { get; init; }

    /// <summary>Told how many images are done.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>Stops between images; nothing is left behind.</summary>
    public CancellationToken Cancel { get; init; }
}
