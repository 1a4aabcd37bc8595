using Retort.Core.Geometry;
using Retort.Detection.Dense;

namespace Retort.Distillation;

/// <summary>What a detector predicts, known before any image is seen.</summary>
/// <param name="Levels">The maps of its pyramid, finest first.</param>
/// <param name="Head">What its head predicts on each of them.</param>
/// <param name="Form">The form of its boxes.</param>
public sealed record DetectorOutputs(IReadOnlyList<FeatureMap> Levels, HeadOutputs Head, BoxForm Form)
{
    /// <summary>
    /// Edges of all boxes of a cell: as many distributions as a cell's box logits hold, if the head predicts distributions.
    /// </summary>
    public int EdgesPerCell => Form.Numbers() * Head.AnchorsPerCell;

    /// <summary>Reads them from a detector.</summary>
    /// <param name="detector">The detector.</param>
    public static DetectorOutputs Of(DenseDetector detector) => new(detector.Neck.Maps, detector.Head.Outputs, detector.Coding.Form);
}

/// <summary>Checks that a student can learn from a teacher, once, when both are put together.</summary>
public static class Compatibility
{
    /// <summary>Compares what the two predict with what the terms teach.</summary>
    /// <param name="student">The student.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="terms">The terms; without any, only what every comparison needs is checked.</param>
    /// <param name="adapted">Whether layers give the student's features the teacher's width.</param>
    /// <exception cref="KnowledgeMismatchException">They differ in levels, strides, classes, anchors, bins or channels.</exception>
    public static void Check(DetectorOutputs student, DetectorOutputs teacher, IReadOnlyList<DistillationTerm> terms, bool adapted = false)
    {
        CheckLevels(student.Levels.Count, teacher.Levels.Count);
        CheckStrides(student.Levels, teacher.Levels);
        CheckForm(student.Form, teacher.Form);
        CheckAnchors(student.Head, teacher.Head);
        foreach (Knowledge kind in terms.Select(t => t.Knowledge).Append(Knowledge.Classification).Distinct())
        {
            if (kind == Knowledge.Feature)
            {
                CheckFeatures(student.Levels, teacher.Levels, adapted);
            }
            else
            {
                CheckPredictions(kind, student, teacher);
            }
        }

        // The boxes of instances are those of either network, each decoded from what it predicts.
        if (student.Head.BoxChannels != teacher.Head.BoxChannels
            && terms.Any(term => term is { Region: Region.GeneralInstances, OwnRegion: null }))
        {
            RequireDistributions("teacher", teacher);
            RequireDistributions("student", student);
        }
    }

    /// <summary>Compares the numbers of pyramid levels.</summary>
    /// <exception cref="KnowledgeMismatchException">They differ.</exception>
    internal static void CheckLevels(int student, int teacher)
    {
        if (student != teacher)
        {
            throw new KnowledgeMismatchException(
                $"the teacher predicts on {teacher} pyramid levels and the student on {student}; give both the same 'neck.levels'");
        }
    }

    private static void CheckStrides(IReadOnlyList<FeatureMap> student, IReadOnlyList<FeatureMap> teacher)
    {
        if (!student.Select(map => map.Stride).SequenceEqual(teacher.Select(map => map.Stride)))
        {
            throw new KnowledgeMismatchException(
                $"the teacher's pyramid has the strides {string.Join(", ", teacher.Select(map => map.Stride))} and the student's "
                + $"{string.Join(", ", student.Select(map => map.Stride))}; knowledge can be compared only at the same places");
        }
    }

    private static void CheckForm(BoxForm student, BoxForm teacher)
    {
        if (student != teacher)
        {
            (string t, string s) = teacher == BoxForm.Rotated ? ("rotated", "upright") : ("upright", "rotated");
            throw new KnowledgeMismatchException(
                $"the teacher predicts {t} boxes and the student {s} ones; take a teacher of the same detector");
        }
    }

    private static void CheckAnchors(HeadOutputs student, HeadOutputs teacher)
    {
        if (student.AnchorsPerCell != teacher.AnchorsPerCell)
        {
            throw new KnowledgeMismatchException(
                $"the teacher has {teacher.AnchorsPerCell} anchors per cell and the student {student.AnchorsPerCell}; "
                + "take a teacher of the same detector, or give both the same 'priors'");
        }
    }

    private static void CheckFeatures(IReadOnlyList<FeatureMap> student, IReadOnlyList<FeatureMap> teacher, bool adapted)
    {
        foreach ((FeatureMap s, FeatureMap t) in student.Zip(teacher))
        {
            if (s.Channels != t.Channels && !adapted)
            {
                throw new KnowledgeMismatchException(
                    $"the teacher's features have {t.Channels} channels and the student's {s.Channels}; features can be imitated only "
                        + "between equal ones: "
                    + "let a layer adapt the student's ('adaptation.type: conv1x1' or 'conv3x3'), or give both the same 'neck.channels'");
            }
        }
    }

    private static void CheckPredictions(Knowledge kind, DetectorOutputs student, DetectorOutputs teacher)
    {
        (HeadOutputs s, HeadOutputs t) = (student.Head, teacher.Head);
        switch (kind)
        {
            case Knowledge.Classification when s.ClassChannels != t.ClassChannels:
                throw new KnowledgeMismatchException(
                    $"the teacher predicts {t.ClassChannels} class channels and the student {s.ClassChannels}; "
                    + "both must be trained for the same classes in the same order, and have a channel for background both or neither");
            case Knowledge.Localization when s.BoxChannels != t.BoxChannels:
                throw new KnowledgeMismatchException(
                    $"the teacher's box edges have {t.BoxChannels / teacher.EdgesPerCell} bins and the student's "
                        + $"{s.BoxChannels / student.EdgesPerCell}; "
                    + "localization can be distilled only between equal ones: train one of them with the other's 'head.regMax'");
            case Knowledge.Localization:
                RequireDistributions("student", student);
                break;
            case Knowledge.Boxes:
                // Boxes are compared decoded, so the numbers of bins may differ.
                RequireDistributions("teacher", teacher);
                RequireDistributions("student", student);
                break;
        }
    }

    private static void RequireDistributions(string network, DetectorOutputs outputs)
    {
        (int channels, int edges) = (outputs.Head.BoxChannels, outputs.EdgesPerCell);
        if (channels % edges != 0 || channels < 2 * edges)
        {
            throw new KnowledgeMismatchException(
                $"the {network} has {channels} channels for the {edges} box edges of a cell, which are no distributions over bins; "
                + "take a detector with a distribution head ('head.regMax' above 0), or leave out the terms that teach localization or "
                    + "boxes, or general instances");
        }
    }
}
