using System.Diagnostics;
using Retort.Detection.Backbones;
using Retort.Detection.Heads;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Detection.Tests.Networks;

/// <summary>
/// Checkpoints that PyTorch itself wrote, under the names of the established toolboxes. Skipped where PyTorch is missing.
/// </summary>
[Trait("Category", Golden.Category)]
public class PyTorchCheckpointTests : LeakCheckedTest
{
    // Each tensor holds one value, its place in the list, so that a mix-up shows.
    private const string Script = """
        import gzip, json, sys, torch
        state = {}
        for place, (name, shape, dtype) in enumerate(json.load(gzip.open(sys.argv[1]))):
            state[name] = torch.full(shape, place, dtype=getattr(torch, dtype))
        torch.save({"meta": {"epoch": 12}, "state_dict": state}, sys.argv[2])
        """;

    [Fact]
    public void A_detector_of_another_toolbox_loads_strictly()
    {
        string folder = Directory.CreateTempSubdirectory("retort-pytorch-").FullName;
        try
        {
            string path = Path.Combine(folder, "gfl_r18.pth");
            WriteOrSkip(Path.Combine(Golden.Folder, "state_dict_keys", "gfl_r18.json.gz"), path);
            using var network = new Network(new ResNetOptions { Depth = 18 }, new DistributionHeadOptions());
            using (Checkpoint file = Checkpoint.Open(path))
            {
                Assert.True(ModuleLoading.Load(network, file.StateDict, path).IsExact);
            }

            Assert.All(network.NamedState().Select((entry, place) => (entry, place)), e =>
            {
                float[] values = e.entry.Tensor.ToArray<float>();
                Assert.True(values.All(v => v == e.place), $"{e.entry.Name}: expected {e.place}, got {values[0]}");
            });
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static void WriteOrSkip(string keys, string output)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Script, keys, output]) { RedirectStandardError = true };
        if (!File.Exists(start.FileName))
        {
            Assert.Skip("needs Python with PyTorch; there is no /usr/bin/python3");
        }

        using Process python = Process.Start(start)!;
        string errors = python.StandardError.ReadToEnd();
        python.WaitForExit();
        if (errors.Contains("No module named 'torch'"))
        {
            Assert.Skip("needs Python with PyTorch, which is not installed here");
        }

        Assert.True(python.ExitCode == 0, errors);
    }
}
