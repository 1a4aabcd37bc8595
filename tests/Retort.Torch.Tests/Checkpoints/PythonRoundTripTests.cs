using System.Numerics;
using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

/// <summary>Files of Python's torch.save are read, and torch.load takes ours.</summary>
public class PythonRoundTripTests
{
    private const string Save = """
        import sys, collections, numpy, torch
        path, zipped = sys.argv[1], sys.argv[2] == 'True'
        torch.manual_seed(0)
        net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
        opt = torch.optim.SGD([{'params': net[0].parameters(), 'lr': 0.5}, {'params': net[1].parameters()}], lr=0.1, momentum=0.9)
        net(torch.randn(2, 3, 5, 5)).sum().backward(); opt.step()
        base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
        d = {t: torch.arange(5).to(getattr(torch, t)) for t in ('float16', 'bfloat16', 'uint8', 'int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'bool')}
        torch.save({
            'meta': {'epoch': 12, 'CLASSES': ('cat', 'dog'), 'score': numpy.float64(0.25), 'big': 2**70, 'neg': -2**40, 'note': 'dé', 'none': None,
                     'set': {1, 2}, 'raw': b'\x00\xff', 'lr': [0.1, 1e-3], 'yes': True, 'size': torch.Size([2, 3]), 'when': __import__('datetime').date(2020, 1, 1)},
            'state_dict': net.state_dict(), 'optimizer': opt.state_dict(), 'dtypes': d,
            'views': {'t': base.transpose(0, 2), 'row': base[1, 1:, ::2], 'same': base, 'expanded': torch.ones(1).expand(3, 2), 'empty': torch.zeros(0, 4),
                      'scalar': torch.tensor(7.5), 'param': torch.nn.Parameter(base[0])},
        }, path, _use_new_zipfile_serialization=zipped)
        for name, t in net.state_dict().items(): print(name, t.double().sum().item())
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_of_torch_save_are_read(bool zipped)
    {
        using var folder = new TemporaryFolder();
        string output = PythonTorch.RunOrSkip(Save, folder["a.pth"], zipped.ToString());
        using Checkpoint checkpoint = Checkpoint.Open(folder["a.pth"]);

        Assert.Equal(zipped ? CheckpointFormat.TorchZip : CheckpointFormat.TorchLegacy, checkpoint.Format);
        Assert.Equal("state_dict", checkpoint.StateDictPlace);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Select(l => l.Split(' ')[0]), checkpoint.StateDict.Keys);
        foreach (string[] line in lines.Select(l => l.Split(' ')))
        {
            double sum = checkpoint.StateDict[line[0]] is { Type: ScalarType.Int64 } whole ? whole.As<long>()[0]
                : Floats(checkpoint.StateDict[line[0]]).Sum(v => (double)v);
            Assert.Equal(double.Parse(line[1]), sum, 6);
        }

        CheckMeta(checkpoint);
        CheckViews(checkpoint);
        CheckTypes(checkpoint);
        CheckOptimizer(checkpoint);
    }

    private static void CheckMeta(Checkpoint checkpoint)
    {
        Assert.Equal(12, checkpoint.Get<CheckpointInteger>("meta", "epoch").Value);
        Assert.Equal(["cat", "dog"], checkpoint.Get<CheckpointList>("meta", "CLASSES").Select(c => c.ToString()!));
        Assert.Equal(BigInteger.Pow(2, 70), checkpoint.Get<CheckpointInteger>("meta", "big").Value);
        Assert.Equal(-(1L << 40), checkpoint.Get<CheckpointInteger>("meta", "neg").Value);
        Assert.Equal("dé", checkpoint.Get<CheckpointText>("meta", "note").Value);
        Assert.Equal([0, 255], checkpoint.Get<CheckpointBytes>("meta", "raw").Value.ToArray());
        Assert.Equal(1e-3, Assert.IsType<CheckpointReal>(checkpoint.Get<CheckpointList>("meta", "lr")[1]).Value);
        Assert.Equal(CheckpointListKind.Set, checkpoint.Get<CheckpointList>("meta", "set").Kind);
        Assert.True(checkpoint.Get<CheckpointBoolean>("meta", "yes").Value);
        Assert.Equal(2, checkpoint.Get<CheckpointList>("meta", "size").Count);
        Assert.Equal("numpy.core.multiarray.scalar", checkpoint.Get<InertObject>("meta", "score").Global);
        Assert.Equal("datetime.date", checkpoint.Get<InertObject>("meta", "when").Global);
    }

    private static void CheckViews(Checkpoint checkpoint)
    {
        StoredTensor View(string name) => checkpoint.Get<CheckpointTensor>("views", name).Value;
        Assert.Equal([4, 3, 2], View("t").Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)(i / 6 + i / 2 % 3 * 4 + i % 2 * 12)), Floats(View("t")));
        Assert.Equal([16f, 18, 20, 22], Floats(View("row")));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), Floats(View("same")));
        Assert.Equal(Enumerable.Repeat(1f, 6), Floats(View("expanded")));
        Assert.Equal(0, View("empty").Count);
        Assert.Equal([0, 4], View("empty").Shape);
        Assert.Empty(View("scalar").Shape);
        Assert.Equal(7.5f, View("scalar").As<float>()[0]);
        Assert.True(checkpoint.Get<CheckpointTensor>("views", "param").IsParameter);

        byte[] piece = new byte[8];
        View("t").Read(4, piece);
        Assert.Equal([12f, 4f], [BitConverter.ToSingle(piece), BitConverter.ToSingle(piece, 4)]);
    }

    private static void CheckTypes(Checkpoint checkpoint)
    {
        StoredTensor Typed(string name) => checkpoint.Get<CheckpointTensor>("dtypes", name).Value;
        Assert.Equal([(Half)0, (Half)1, (Half)2, (Half)3, (Half)4], Typed("float16").As<Half>().ToArray());
        Assert.Equal([0, 0x3f80, 0x4000, 0x4040, 0x4080], Typed("bfloat16").As<ushort>().ToArray());
        Assert.Equal([0, 1, 2, 3, 4], Typed("uint8").As<byte>().ToArray());
        Assert.Equal([0, 1, 2, 3, 4], Typed("int8").As<sbyte>().ToArray());
        Assert.Equal([0, 1, 2, 3, 4], Typed("int16").As<short>().ToArray());
        Assert.Equal([0, 1, 2, 3, 4], Typed("int32").As<int>().ToArray());
        Assert.Equal([0, 1, 2, 3, 4], Typed("int64").As<long>().ToArray());
        Assert.Equal([0, 1, 2, 3, 4], Typed("float64").As<double>().ToArray());
        Assert.Equal([0, 1, 1, 1, 1], Typed("bool").As<byte>().ToArray());
    }

    private static void CheckOptimizer(Checkpoint checkpoint)
    {
        StoredTensor momentum = checkpoint.Get<CheckpointTensor>("optimizer", "state", 0, "momentum_buffer").Value;
        Assert.Equal([4, 3, 3, 3], momentum.Shape);
        CheckpointList groups = checkpoint.Get<CheckpointList>("optimizer", "param_groups");
        Assert.Equal(0.5, Assert.IsType<CheckpointDictionary>(groups[0]).Find<CheckpointReal>("lr")!.Value);
    }

    [Fact]
    public void Torch_load_takes_what_is_written()
    {
        using var folder = new TemporaryFolder();
        TorchFile.Write(folder["ours.pth"], Tree());
        string output = PythonTorch.RunOrSkip("""
            import sys, collections, zipfile, torch
            assert zipfile.ZipFile(sys.argv[1]).testzip() is None
            c = torch.load(sys.argv[1], map_location='cpu')
            sd = c['state_dict']
            assert type(sd) is collections.OrderedDict and list(sd) == ['b', 'a', 'half', 'flag', 'count', 'empty'], list(sd)
            assert sd['b'].dtype == torch.float32 and sd['b'].tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
            assert sd['a'].dtype == torch.float64 and sd['a'].shape == () and sd['a'].item() == 2.5
            assert sd['half'].dtype == torch.bfloat16 and sd['half'].tolist() == [1.0, 2.0]
            assert sd['flag'].dtype == torch.bool and sd['flag'].tolist() == [True, False]
            assert sd['count'].dtype == torch.int64 and sd['count'].tolist() == [-7]
            assert sd['empty'].shape == (0, 5) and sd['empty'].dtype == torch.uint8
            assert not sd['b'].requires_grad and sd['b'].is_contiguous()
            assert c['meta'] == {'epoch': 3, 'big': 2**80, 'neg': -2**33, 'note': 'dé', 'classes': ('cat', 'dog'), 'none': None,
                                 'ok': True, 'raw': b'\x00\xfe', 'set': {1, 2}, 'nothing': {}, 'list': []}, c['meta']
            assert c['optimizer']['state'][0]['momentum_buffer'].tolist() == sd['b'].tolist()
            assert c['optimizer']['param_groups'][0] == {'lr': 0.01, 'params': [0, 1]}
            c2 = torch.load(sys.argv[1]); torch.save(c2, sys.argv[2]); print('fine')
            """, folder["ours.pth"], folder["theirs.pth"]);
        Assert.Equal("fine", output.Trim());

        using Checkpoint again = Checkpoint.Open(folder["theirs.pth"]);
        Assert.Equal(["b", "a", "half", "flag", "count", "empty"], again.StateDict.Keys);
        Assert.Equal([1f, 2, 3, 4, 5, 6], Floats(again.StateDict["b"]));
    }

    [Fact]
    public void Torch_load_takes_what_is_written_with_weights_only()
    {
        // No real number beside the tensors: the restricted reader of PyTorch 1.13 knows none (its instruction BINFLOAT).
        using var folder = new TemporaryFolder();
        TorchFile.Write(folder["ours.pth"], new CheckpointDictionary
        {
            ["state_dict"] = new StateDict { { "w", TestTensors.Floats([2], 1, 2) } }.ToValue(),
            ["meta"] = new CheckpointDictionary
            {
                ["epoch"] = 3,
                ["seed"] = 1L << 40,
                ["classes"] = new CheckpointList(["cat"]),
                ["ema"] = false
            },
        });
        string output = PythonTorch.RunOrSkip("""
            import sys, inspect, torch
            assert 'weights_only' in inspect.signature(torch.load).parameters
            c = torch.load(sys.argv[1], weights_only=True)
            assert c['state_dict']['w'].tolist() == [1.0, 2.0]
            assert c['meta'] == {'epoch': 3, 'seed': 2**40, 'classes': ['cat'], 'ema': False}
            print('fine')
            """, folder["ours.pth"]);
        Assert.Equal("fine", output.Trim());
    }

    private static CheckpointDictionary Tree()
    {
        StoredTensor weight = TestTensors.Floats([2, 3], 1, 2, 3, 4, 5, 6);
        var state = new StateDict
        {
            { "b", weight },
            { "a", new StoredTensor(ScalarType.Float64, [], BitConverter.GetBytes(2.5)) },
            { "half", new StoredTensor(ScalarType.BFloat16, [2], new byte[] { 0x80, 0x3f, 0x00, 0x40 }) },
            { "flag", new StoredTensor(ScalarType.Bool, [2], new byte[] { 1, 0 }) },
            { "count", new StoredTensor(ScalarType.Int64, [1], BitConverter.GetBytes(-7L)) },
            { "empty", new StoredTensor(ScalarType.UInt8, [0, 5], default) },
        };
        return new CheckpointDictionary
        {
            ["meta"] = new CheckpointDictionary
            {
                ["epoch"] = 3,
                ["big"] = new CheckpointInteger(BigInteger.Pow(2, 80)),
                ["neg"] = -(1L << 33),
                ["note"] = "dé",
                ["classes"] = new CheckpointList(["cat", "dog"], CheckpointListKind.Tuple),
                ["none"] = CheckpointNone.Instance,
                ["ok"] = true,
                ["raw"] = new CheckpointBytes(new byte[] { 0, 254 }),
                ["set"] = new CheckpointList([1, 2], CheckpointListKind.Set),
                ["nothing"] = new CheckpointDictionary(),
                ["list"] = new CheckpointList([]),
            },
            ["state_dict"] = state.ToValue(),
            ["optimizer"] = new CheckpointDictionary
            {
                ["state"] = new CheckpointDictionary { [0] = new CheckpointDictionary { ["momentum_buffer"] = weight } },
                ["param_groups"] = new CheckpointList([new CheckpointDictionary { ["lr"] = 0.01,
                    ["params"] = new CheckpointList([0, 1]) }]),
            },
        };
    }

    private static float[] Floats(StoredTensor tensor) => tensor.As<float>().ToArray();
}
