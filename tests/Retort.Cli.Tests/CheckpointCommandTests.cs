namespace Retort.Cli.Tests;

public sealed class CheckpointCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_types_and_shapes_are_listed()
    {
        // A whole safetensors file: header length, header, data.
        const string Header = """{"backbone.conv1.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"scale":{"dtype":"I64","shape":[],"data_offsets":[24,32]}}""";
        string file = Path.Combine(_folder.Path, "w.safetensors");
        File.WriteAllBytes(file, [.. BitConverter.GetBytes((long)Header.Length), .. System.Text.Encoding.ASCII.GetBytes(Header),
            .. new byte[32]]);
        CapturedCommand shown = CapturedCommand.Run("checkpoint", "show", file);
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.Equal(
            $"""
              name                    type      shape    bytes
            ────────────────────────────────────────────────────
              backbone.conv1.weight   Float32   [2, 3]      24
              scale                   Int64     []           8
            {file}: safetensors, 2 tensors, 7 numbers, 32 bytes

            """,
            shown.Output);
    }

    [Fact]
    public void What_is_no_checkpoint_is_refused()
    {
        CapturedCommand shown = CapturedCommand.Run("checkpoint", "show", _folder.Write("page.pth", "<!DOCTYPE html>"));
        Assert.Equal((2, ""), (shown.Code, shown.Output));
        Assert.Contains("page.pth: a web page, not a checkpoint", shown.Error);
    }

    [Fact]
    public void Weights_written_by_PyTorch_are_listed()
    {
        CapturedCommand shown = CapturedCommand.Run("checkpoint", "show", Repository.SharedOrSkip("weights/resnet20-12fca82f.th"));
        Assert.Equal(0, shown.Code);
        Assert.Contains("PyTorch (before 1.6), 97 tensors under 'state_dict'", shown.Output);
    }
}
