using System.Text;
using Retort.Core.Files;

namespace Retort.Cli.Shell;

/// <summary>
/// Standard output. If it cannot be written, as with a full disk behind a redirection, that is an input error, as with any other file.
/// </summary>
/// <param name="output">The process's own.</param>
internal sealed class StandardOutput(TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Guard(() => output.Write(value));

    public override void Write(char[] buffer, int index, int count) => Guard(() => output.Write(buffer, index, count));

    public override void Write(string? value) => Guard(() => output.Write(value));

    public override void WriteLine(string? value) => Guard(() => output.WriteLine(value));

    public override void Flush() => Guard(output.Flush);

    private static void Guard(Action write) => UserFiles.Guard("standard output", FileUse.WriteFile, write);
}
