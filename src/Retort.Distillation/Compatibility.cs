using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Distillation;

/// <summary>Checks that a student can learn from a teacher.</summary>
internal static class Compatibility
{
    /// <summary>Compares the shapes of the maps that the knowledge lies in.</summary>
    /// <exception cref="KnowledgeMismatchException">They differ.</exception>
    public static void Check(DenseOutput student, DenseOutput teacher, IReadOnlyList<DistillationTerm> terms, int edgesPerCell)
    {
        CheckLevels(student.Levels.Count, teacher.Levels.Count);
        CheckAnchors(student.Levels[0], teacher.Levels[0]);
        foreach (Knowledge kind in terms.Select(t => t.Knowledge).Append(Knowledge.Classification).Distinct())
        {
            CheckMaps(kind, KnowledgeRows.Maps(kind, student), KnowledgeRows.Maps(kind, teacher), edgesPerCell);
        }

        // The boxes of instances are those of either network, each decoded from what it predicts.
        (long s, long t) = (student.Levels[0].BoxLogits.Size(1), teacher.Levels[0].BoxLogits.Size(1));
        if (s != t && terms.Any(term => term is { Region: Region.GeneralInstances, OwnRegion: null }))
        {
            RequireDistributions("teacher", t, edgesPerCell);
            RequireDistributions("student", s, edgesPerCell);
        }
    }

    /// <summary>Compares the numbers of pyramid levels.</summary>
    /// <exception cref="KnowledgeMismatchException">They differ.</exception>
    public static void CheckLevels(int student, int teacher)
    {
        if (student != teacher)
        {
            throw new KnowledgeMismatchException($"the teacher predicts on {teacher} pyramid levels and the student on {student}; give both the same 'neck.levels'");
        }
    }

    // Classes and distributions that differ by the same factor are those of another number of anchors.
    private static void CheckAnchors(LevelOutput student, LevelOutput teacher)
    {
        (long s, long t) = (student.ClassLogits.Size(1), teacher.ClassLogits.Size(1));
        if (s != t && s * teacher.BoxLogits.Size(1) == t * student.BoxLogits.Size(1))
        {
            throw new KnowledgeMismatchException(
                $"the teacher has {t} class channels and {teacher.BoxLogits.Size(1)} box channels, the student {s} and {student.BoxLogits.Size(1)}, as with another number of anchors a cell; "
                + "take a teacher of the same detector, or give both the same 'priors'");
        }
    }

    private static void CheckMaps(Knowledge kind, IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher, int edgesPerCell)
    {
        for (int l = 0; l < student.Count; l++)
        {
            (long[] s, long[] t) = (student[l].Shape, teacher[l].Shape);
            if (s[0] != t[0] || s[2] != t[2] || s[3] != t[3])
            {
                throw new KnowledgeMismatchException(
                    $"on pyramid level {l} the teacher's map is {t[2]} x {t[3]} for {t[0]} images and the student's {s[2]} x {s[3]} for {s[0]}; both must see the same input with the same strides");
            }

            if (kind == Knowledge.Boxes)
            {
                // Boxes are compared decoded, so the numbers of bins may differ.
                RequireDistributions("teacher", t[1], edgesPerCell);
                RequireDistributions("student", s[1], edgesPerCell);
            }
            else if (s[1] != t[1])
            {
                throw new KnowledgeMismatchException(Message(kind, s[1], t[1], edgesPerCell));
            }
            else if (kind == Knowledge.Localization)
            {
                RequireDistributions("student", s[1], edgesPerCell);
            }
        }
    }

    private static void RequireDistributions(string network, long channels, int edgesPerCell)
    {
        if (channels % edgesPerCell != 0 || channels < 2 * edgesPerCell)
        {
            throw new KnowledgeMismatchException(
                $"the {network} has {channels} channels for the {edgesPerCell} box edges of a cell, which are no distributions over bins; "
                + "take a detector with a distribution head ('head.regMax' above 0), or leave out the terms that teach localization or boxes, or general instances");
        }
    }

    private static string Message(Knowledge kind, long student, long teacher, int edgesPerCell) => kind switch
    {
        Knowledge.Localization => $"the teacher's box edges have {teacher / edgesPerCell} bins and the student's {student / edgesPerCell}; "
            + "localization can be distilled only between equal ones: train one of them with the other's 'head.regMax'",
        Knowledge.Classification => $"the teacher predicts {teacher} class channels and the student {student}; both must be trained for the same classes in the same order, and have a channel for background both or neither",
        _ => $"the teacher's features have {teacher} channels and the student's {student}; features can be imitated only between equal ones: "
            + "let a layer adapt the student's ('adaptation.type: conv1x1' or 'conv3x3'), or give both the same 'neck.channels'",
    };
}
