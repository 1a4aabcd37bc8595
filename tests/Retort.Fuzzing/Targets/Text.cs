using System.Text;

namespace Retort.Fuzzing.Targets;

/// <summary>Texts as bytes.</summary>
internal static class Text
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static IReadOnlyList<byte[]> Seeds(params IReadOnlyList<string> texts) => [.. texts.Select(Bytes)];
}
