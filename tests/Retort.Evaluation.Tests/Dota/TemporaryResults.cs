namespace Retort.Evaluation.Tests.Dota;

/// <summary>A folder of result files that is gone after the test.</summary>
internal sealed class TemporaryResults : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("retort-task1-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return Path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
