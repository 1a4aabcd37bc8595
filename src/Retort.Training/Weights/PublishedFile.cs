namespace Retort.Training.Weights;

/// <summary>A file of weights as its authors publish it: the name ends with the first digits of the content's SHA-256.</summary>
/// <param name="Address">Where it is published.</param>
public sealed record PublishedFile(Uri Address)
{
    private const int ShortestHash = 8;

    /// <summary>The file's name, such as <c>resnet50-19c8e357.pth</c>.</summary>
    public string Name => Path.GetFileName(Address.AbsolutePath);

    /// <summary>The first digits of the SHA-256 of the content, lower case; empty where the name carries none.</summary>
    public string HashPrefix
    {
        get
        {
            string last = Path.GetFileNameWithoutExtension(Name).Split('-', '_')[^1];
            return last.Length >= ShortestHash && last.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f')) ? last : "";
        }
    }
}
