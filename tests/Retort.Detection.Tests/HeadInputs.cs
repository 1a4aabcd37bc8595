using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests;

/// <summary>The batch of the golden head files: maps of a student and a teacher, and ground truth.</summary>
public sealed record HeadInputs(
    (int Height, int Width)[] Levels, IReadOnlyList<ImageTargets> Targets, IReadOnlyDictionary<string, StoredTensor> Tensors)
{
    /// <summary>Classes of the golden heads.</summary>
    public static int Classes { get; } = int.Parse(Golden.Read("head_inputs_maps").Metadata["num_classes"]);

    /// <summary>Reads a batch; <c>head_inputs_retina</c> is the one with nine anchors a cell.</summary>
    public static HeadInputs Read(string name = "head_inputs_maps")
    {
        SafetensorsFile file = Golden.Read(name);
        int[][] sizes = JsonSerializer.Deserialize<int[][]>(file.Metadata["featmap_sizes"])!;
        JsonElement metas = JsonDocument.Parse(file.Metadata["img_metas"]).RootElement;
        var targets = new List<ImageTargets>();
        for (int n = 0; n < metas.GetArrayLength(); n++)
        {
            (int height, int width) = Shape(metas[n], "img_shape");
            (int padHeight, int padWidth) = Shape(metas[n], "pad_shape");
            targets.Add(WithObjects(new ImageTargets(padHeight, padWidth, height, width, Boxes.None, []), file.Tensors, n));
        }

        return new HeadInputs([.. sizes.Select(s => (s[0], s[1]))], targets, file.Tensors);
    }

    /// <summary>The batch with rotated boxes: student, teacher and their features.</summary>
    public static HeadInputs ReadRotated()
    {
        HeadInputs student = Read("rot_head_inputs_student");
        return student with
        {
            Tensors = student.Tensors.Concat(Golden.Read("rot_head_inputs_teacher").Tensors)
            .ToDictionary(p => p.Key, p => p.Value)
        };
    }

    /// <summary>The same batch with the ground truth that another file holds, where it holds any.</summary>
    public HeadInputs WithTruthOf(SafetensorsFile file) =>
        this with
        {
            Targets = [.. Targets.Select((t, n) => file.Tensors.ContainsKey($"gt_bboxes.{n}") ? WithObjects(t, file.Tensors, n)
            : t)]
        };

    /// <summary>The same batch with some images emptied of objects, all where none is named.</summary>
    public HeadInputs WithoutObjects(params int[] images) =>
        this with
        {
            Targets = [.. Targets.Select((t, n) => images.Length == 0 || images.Contains(n)
            ? t with { Boxes = Boxes.None, Labels = [], RotatedBoxes = t.RotatedBoxes is null ? null : Boxes.Rotated() } : t)]
        };

    /// <summary>The maps of the student or the teacher as leaves that collect gradients.</summary>
    public DenseOutput Output(string who, HeadMaps maps = HeadMaps.Plain)
    {
        IReadOnlyDictionary<string, StoredTensor> joint = maps == HeadMaps.Joint ? Golden.Read("head_inputs_gflv2").Tensors : Tensors;
        return new DenseOutput(
            [.. Enumerable.Range(0, Levels.Length).Select(l => new LevelOutput(
                Leaf(maps == HeadMaps.Joint ? joint[$"{who}_logit.{l}"] : Tensors[$"{who}_cls.{l}"]),
                Leaf(Tensors[$"{who}_reg.{l}"]),
                maps == HeadMaps.Centerness ? Leaf(Tensors[$"{who}_ctr.{l}"]) : null,
                maps == HeadMaps.Joint ? Leaf(joint[$"{who}_joint.{l}"]) : null))],
            []);
    }

    /// <summary>The same with the pyramid's features.</summary>
    public DenseOutput OutputWithFeatures(string who, HeadMaps maps = HeadMaps.Plain)
    {
        IReadOnlyDictionary<string, StoredTensor> features = Tensors.ContainsKey($"{who}_feat.0") ? Tensors
            : Golden.Read($"head_inputs_feat_{who}").Tensors;
        return Output(who, maps) with { Features = [.. Enumerable.Range(0, Levels.Length).Select(l => Leaf(features[$"{who}_feat.{l}"]))] };
    }

    private static Tensor Leaf(StoredTensor stored)
    {
        Tensor leaf = TestTensor.From(stored);
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static ImageTargets WithObjects(ImageTargets image, IReadOnlyDictionary<string, StoredTensor> tensors, int n)
    {
        float[] boxes = tensors[$"gt_bboxes.{n}"].As<float>().ToArray();
        int[] labels = [.. tensors[$"gt_labels.{n}"].As<long>().ToArray().Select(l => (int)l)];
        return tensors[$"gt_bboxes.{n}"].Shape[^1] == 5
            ? ImageTargets.Rotated(image.PadHeight, image.PadWidth, image.Height, image.Width, Boxes.Rotated(boxes), labels)
            : image with { Boxes = Boxes.Upright(boxes), Labels = labels };
    }

    private static (int Height, int Width) Shape(JsonElement meta, string name) =>
        (meta.GetProperty(name)[0].GetInt32(), meta.GetProperty(name)[1].GetInt32());
}

/// <summary>Which maps a golden head has.</summary>
public enum HeadMaps
{
    /// <summary>Class logits and edge distributions (GFL).</summary>
    Plain,

    /// <summary>Centerness as well (ATSS, FCOS).</summary>
    Centerness,

    /// <summary>Joint scores as well (GFLv2).</summary>
    Joint,
}
