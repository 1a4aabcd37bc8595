namespace Retort.Fuzzing;

/// <summary>An input that a reader did not take, nor refuse with the documented exception, within its limits.</summary>
/// <param name="Target">The reader.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Index">The input's index.</param>
/// <param name="Kind">What happened, the same for inputs that fail in the same place.</param>
/// <param name="Detail">The exception with its stack, or the limit that was passed.</param>
public sealed record FuzzFailure(string Target, ulong Seed, long Index, string Kind, string Detail)
{
    /// <summary>The name of its file: target, seed and index, from which the input can be made again.</summary>
    public string FileName => $"{Target}.{Seed}.{Index}.input";

    /// <summary>The target that such a file's name begins with.</summary>
    public static string TargetOf(string path) => Path.GetFileName(path).Split('.')[0];

    /// <summary>Writes the input, and beside it what happened.</summary>
    public void Write(string folder, byte[] input)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, FileName);
        File.WriteAllBytes(file, input);
        File.WriteAllText(Path.ChangeExtension(file, ".txt"),
            $"target {Target}, seed {Seed}, input {Index}\n{Kind}\n\n{Detail}\n\nmake fuzz REPLAY={file}\n");
    }
}
