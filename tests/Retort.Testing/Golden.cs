using System.IO.Compression;
using System.Text.Json;
using Retort.Torch.Checkpoints;

namespace Retort.Testing;

/// <summary>
/// The golden vectors: inputs and expected outputs of the authors' implementation. They are read from the folder in the
/// environment variable RETORT_GOLDEN, by default tests/golden of this repository.
/// </summary>
public static class Golden
{
    /// <summary>The trait that marks golden tests: <c>[Trait("Category", Golden.Category)]</c>.</summary>
    public const string Category = "Golden";

    /// <summary>The folder that the golden files are read from.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("RETORT_GOLDEN") is { Length: > 0 } folder ? folder
            : Path.Combine(Repository.Root, "tests", "golden");

    /// <summary>
    /// Whether the files are those of this repository, which has no pictures: they lie in the shared folder. A folder that someone names is
    /// complete.
    /// </summary>
    public static bool AreCommitted { get; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("RETORT_GOLDEN"));

    /// <summary>Reads a safetensors file of the folder; <paramref name="name"/> has no extension.</summary>
    public static SafetensorsFile Read(string name) => SafetensorsFile.Read(Path.Combine(Folder, name + ".safetensors"));

    /// <summary>Parses a gzipped JSON file of the folder, such as <c>coco/synth_gt.json.gz</c>.</summary>
    public static JsonDocument ReadJson(string relativePath)
    {
        using FileStream file = File.OpenRead(Path.Combine(Folder, relativePath));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        return JsonDocument.Parse(unzipped);
    }
}
