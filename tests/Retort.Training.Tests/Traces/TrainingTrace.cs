using Retort.Detection.Detectors;
using System.Globalization;
using System.Text.RegularExpressions;
using Retort.Core.Geometry;
using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Torch.Optimizers;
using Retort.Training.Building;
using Retort.Recipes;
using Retort.Training.Running;
using Retort.Training.Schedules;

namespace Retort.Training.Tests.Traces;

/// <summary>
/// A golden training trace (section 9 of their README) trained again, step by step, by what a recipe is built into. It is run once; many
/// tests look at it.
/// </summary>
public abstract class TrainingTrace
{
    protected TrainingTrace(string file)
    {
        Reference = Golden.Read(file);
        long before = Tensor.LiveCount;
        Ours = Run();
        LeakedTensors = Tensor.LiveCount - before;
    }

    /// <summary>The reference's numbers.</summary>
    public SafetensorsFile Reference { get; }

    /// <summary>Our numbers.</summary>
    public TracedRun Ours { get; }

    /// <summary>Tensors that the run left behind.</summary>
    public long LeakedTensors { get; }

    private TracedRun Run()
    {
        using var scope = new TensorScope();
        var run = new TracedRun();
        int classes = (int)Number(Reference.Metadata["student"], "num_classes");
        using DenseDetector student =
            DetectorBuilder.Build(Model(Number(Reference.Metadata["student"], "ResNet-")), classes).OnTestDevice();
        FillStudent(student);
        using TeachingPair? teaching = Teaching(classes);
        var options = new SgdOptions
        {
            Momentum = double.Parse(Reference.Metadata["momentum"], CultureInfo.InvariantCulture),
            WeightDecay = double.Parse(Reference.Metadata["weight_decay"], CultureInfo.InvariantCulture),
        };
        LearningRateSchedule schedule = Schedule();
        using Optimizer optimizer = OptimizerBuilder.Build(options, student, schedule.RateAt(0, 0));
        run.KeepInitial(student);
        student.Train();
        var step = new TrainingStep(student, teaching, optimizer, gradientClip: null, TestDevice.Current);
        (Tensor images, ImageTargets[] targets) = Batch();
        for (int k = 0; k < int.Parse(Reference.Metadata["steps"]); k++)
        {
            double rate = schedule.RateAt(0, k);
            run.Keep(step.Run(images, targets, rate), rate);
            if (k == 0)
            {
                run.KeepGradients(student);
            }
        }

        student.Evaluate();
        run.KeepFinal(student, images);
        return run;
    }

    private static GflDetectorOptions Model(double depth) =>
        new() { Backbone = new ResNetOptions { Depth = (int)depth, NormMode = NormalizationMode.Eval, FrozenStages = 1 } };

    // The deterministic rules, but for the student's head as it is initialised: small weights, and scores of 1 %.
    private static void FillStudent(DenseDetector student)
    {
        DeterministicValues.Fill(student);
        using var noGrad = new NoGradScope();
        foreach ((string name, Tensor tensor) in student.NamedParameters()
            .Where(p => p.Name.StartsWith("bbox_head.", StringComparison.Ordinal)))
        {
            if (tensor.Dim >= 2)
            {
                double[] raw = DeterministicValues.Raw(name, tensor.Count);
                tensor.Detach().CopyFrom(TestTensor.From(Array.ConvertAll(raw, r => (float)(r * 0.01 * Math.Sqrt(3))), tensor.Shape));
            }
            else if (name == "bbox_head.gfl_cls.bias")
            {
                tensor.Detach().Fill(-Math.Log(99));
            }
        }
    }

    private TeachingPair? Teaching(int classes)
    {
        double depth = Number(Reference.Metadata["teacher"], "ResNet-");
        if (depth == 0)
        {
            return null;
        }

        DenseDetector teacher = DetectorBuilder.Build(Model(depth), classes).OnTestDevice();
        DeterministicValues.Fill(teacher, "teacher.");
        teacher.Evaluate();
        teacher.SetRequiresGrad(false);
        List<DistillationTerm> terms = Terms();
        return new TeachingPair(teacher, new CompiledDetector(teacher, terms.Any(t => t.Knowledge == Knowledge.Feature)),
            new Distiller(terms));
    }

    private List<DistillationTerm> Terms()
    {
        (string ld, string vlr, string kd) =
            (Reference.Metadata["loss_ld"], Reference.Metadata["loss_ld_vlr"], Reference.Metadata["loss_kd"]);
        List<DistillationTerm> terms =
        [
            new() { Weight = Number(ld, "w "), Temperature = Number(ld, "T ") },
            new() { Region = Region.ValuableLocalization, Weighting = PriorWeighting.Region, Weight = Number(vlr, "w "),
                Temperature = Number(vlr, "T ") },
            new() { Knowledge = Knowledge.Classification, Weighting = PriorWeighting.One, Weight = Number(kd, "w "),
                Temperature = Number(kd, "T ") },
        ];
        double imitation = double.Parse(Reference.Metadata["loss_im"], CultureInfo.InvariantCulture);
        if (imitation > 0)
        {
            terms.Add(new DistillationTerm
            {
                Knowledge = Knowledge.Feature,
                Region = ImitationRegion(Reference.Metadata["imitation_method"]),
                Divergence = Divergence.Mse,
                Weighting = PriorWeighting.One,
                Weight = imitation,
            });
        }

        return terms;
    }

    private static Region ImitationRegion(string method) => method switch
    {
        "finegrained" => Region.FineGrained,
        "fitnet" => Region.InsideGroundTruth,
        "gibox" => Region.GeneralInstances,
        _ => throw new InvalidDataException($"the trace imitates by '{method}', which this test does not know"),
    };

    // "0.01 with linear warm-up: lr_k = lr*(1-(1-k/20)*(1-0.001)) for step ..."
    private LearningRateSchedule Schedule()
    {
        string text = Reference.Metadata["lr"];
        var warmup = new WarmupOptions { Type = WarmupKind.Linear, Iterations = (int)Number(text, "k/"), Ratio = Number(text, ")*(1-") };
        return new LearningRateSchedule(
            double.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture), new ScheduleOptions { Steps = [], Warmup = warmup });
    }

    private (Tensor Images, ImageTargets[] Targets) Batch()
    {
        int[][] sizes = System.Text.Json.JsonSerializer.Deserialize<int[][]>(Reference.Metadata["img_shapes"])!;
        int[] pad = System.Text.Json.JsonSerializer.Deserialize<int[]>(Reference.Metadata["pad_shape"])!;
        Tensor images = Tensor.Stack([.. sizes.Select((_, k) => DeterministicValues.Image($"image{k}", 3, pad[0], pad[1]))]);
        ImageTargets Target(int k) => new(
            pad[0],
            pad[1],
            sizes[k][0],
            sizes[k][1],
            Boxes.Upright(Reference.Tensors[$"gt_bboxes.{k}"].As<float>().ToArray()),
            [.. Reference.Tensors[$"gt_labels.{k}"].As<long>().ToArray().Select(label => (int)label)]);
        return (images, [.. sizes.Select((_, k) => Target(k))]);
    }

    /// <summary>The number that follows a mark in a text.</summary>
    private static double Number(string text, string mark)
    {
        Match found = Regex.Match(text, Regex.Escape(mark) + @"\s*([0-9]*\.?[0-9]+(e-?[0-9]+)?)");
        return found.Success
            ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"there is no number after '{mark}' in the golden file's '{text}'");
    }
}

/// <summary>A detector without a teacher.</summary>
public sealed class PlainTrace() : TrainingTrace("trace_gfl_r18");

/// <summary>A detector that learns classes and box edges from a teacher, in the main and in the valuable region.</summary>
public sealed class DistilledTrace() : TrainingTrace("trace_ld_r18_r50_gibox_noim");

/// <summary>The same, with features too.</summary>
public sealed class ImitatingTrace() : TrainingTrace("trace_ld_r18_r50_finegrained");
