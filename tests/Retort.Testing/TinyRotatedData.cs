using System.Globalization;
using Retort.Core.Geometry;
using Retort.Vision.Imaging;

namespace Retort.Testing;

/// <summary>
/// A folder in DOTA's layout with rotated boxes, small enough for whole training runs in tests: one bright rectangle on each image of
/// 64x64.
/// </summary>
public sealed class TinyRotatedData : IDisposable
{
    /// <summary>The classes: flat rectangles and those that are nearly squares.</summary>
    public static readonly IReadOnlyList<string> Classes = ["ship", "roof"];

    private const int Size = 64;

    /// <summary>Draws eight images to train on and three to measure with.</summary>
    public TinyRotatedData()
    {
        Folder = Directory.CreateTempSubdirectory("retort-tiny-rotated-").FullName;
        Draw("train", 8);
        Draw("val", 3);
    }

    /// <summary>The data set's folder, with images and labelTxt in <c>train</c> and <c>val</c>.</summary>
    public string Folder { get; }

    /// <summary>The lines of a recipe that name the data.</summary>
    public string Recipe => $$"""
        data:
          format: dota
          root: {{Folder}}
          angles: oc
          train: {annotations: train/labelTxt, images: train/images}
          val: {annotations: val/labelTxt, images: val/images}
          classes: [{{string.Join(", ", Classes)}}]
        """;

    private void Draw(string part, int count)
    {
        Directory.CreateDirectory(Path.Combine(Folder, part, "images"));
        Directory.CreateDirectory(Path.Combine(Folder, part, "labelTxt"));
        for (int k = 0; k < count; k++)
        {
            var box = new RotatedBox(26 + (3 * (k % 4)), 30 + k, 34, k % 2 == 0 ? 12 : 28, 0.2f + (0.35f * k));
            using var image = new Image(Size, Size);
            Fill(image, box);
            ImageEncoder.Write(Path.Combine(Folder, part, "images", $"{k}.png"), image);
            string corners = string.Join(' ', box.Corners.ToArray().Select(c => c.ToString("0.##", CultureInfo.InvariantCulture)));
            File.WriteAllText(Path.Combine(Folder, part, "labelTxt", $"{k}.txt"),
                $"imagesource:drawn\ngsd:null\n{corners} {Classes[k % 2]} 0\n");
        }
    }

    private static void Fill(Image image, RotatedBox box)
    {
        image.Pixels.Fill(60);
        (double sine, double cosine) = Math.SinCos(box.Angle);
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                (double dx, double dy) = (x + 0.5 - box.CentreX, y + 0.5 - box.CentreY);
                if (Math.Abs((cosine * dx) + (sine * dy)) <= box.Width / 2 && Math.Abs((cosine * dy) - (sine * dx)) <= box.Height / 2)
                {
                    image.Row(y).Slice(x * Image.Channels, Image.Channels).Fill(200);
                }
            }
        }
    }

    /// <summary>Removes the folder.</summary>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
