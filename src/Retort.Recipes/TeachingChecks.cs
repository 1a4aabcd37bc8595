using Retort.Core.Options;
using Retort.Detection.Detectors;
using Retort.Detection.Heads;
using Retort.Detection.Priors;
using Retort.Distillation;

namespace Retort.Recipes;

/// <summary>Checks what is taught against the student, and the student against its teacher.</summary>
internal static class TeachingChecks
{
    /// <summary>Checks the terms of a recipe against its student.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="problems">Receives the first problem.</param>
    public static void Check(Recipe recipe, OptionProblems problems)
    {
        if (recipe.Adaptation.Type != AdaptationKind.None && !Teaches(recipe, Knowledge.Feature))
        {
            problems.Refuse("adaptation",
                "'adaptation' adapts the student's features, but no term of 'distillation' has knowledge feature; add one or leave it out");
        }

        if (Teaches(recipe, Knowledge.Localization) && recipe.Model.Head.RegMax == 0)
        {
            problems.Refuse("distillation",
                "localization is taught by distributions, but 'model.head.regMax' is 0: boxes without them; give teacher and student 8");
        }

        if (recipe.Model.IsRotated && recipe.Distillation.Any(term => term.Divergence == Divergence.TeacherBoundedRegression))
        {
            problems.Refuse(
                "distillation",
                $"teacher-bounded-regression compares upright boxes, but those of the detector {recipe.Model.Name} are rotated; take "
                    + "localization, or features, instead");
        }
    }

    /// <summary>Checks that a teacher can teach the student.</summary>
    /// <param name="recipe">The student's recipe.</param>
    /// <param name="teacher">The teacher's network.</param>
    /// <param name="problems">Receives the first problem.</param>
    public static void CheckPair(Recipe recipe, DetectorOptions teacher, OptionProblems problems)
    {
        DetectorOptions student = recipe.Model;
        if (teacher.IsRotated != student.IsRotated)
        {
            problems.Refuse("teacher",
                $"the teacher is a {teacher.Name} and the student a {student.Name}; both need rotated boxes, or both upright ones");
        }

        if (Teaches(recipe, Knowledge.Feature) && recipe.Adaptation.Type == AdaptationKind.None
            && teacher.Neck.Channels != student.Neck.Channels)
        {
            problems.Refuse(
                "distillation",
                $"the teacher's features have {teacher.Neck.Channels} channels and the student's {student.Neck.Channels}; let a layer "
                    + "adapt the student's "
                + "('adaptation: {type: conv1x1}' or conv3x3), or give both the same 'neck.channels'");
        }

        CheckHeads(recipe, teacher, problems);
        CheckPlaces(student, teacher, problems);
    }

    /// <summary>Checks that a teacher's predictions stand where the student's do.</summary>
    /// <param name="student">The student's network.</param>
    /// <param name="teacher">The teacher's network.</param>
    /// <param name="problems">Receives the first problem.</param>
    public static void CheckPlaces(DetectorOptions student, DetectorOptions teacher, OptionProblems problems)
    {
        if (teacher.Neck.Levels != student.Neck.Levels)
        {
            problems.Refuse(
                "teacher",
                $"teacher and student need the same pyramid, but the teacher's has {teacher.Neck.Levels} levels and the student's "
                    + $"{student.Neck.Levels}; "
                + "give both the same 'neck.levels'");
        }

        CheckPriors(student, teacher, problems);
    }

    private static bool Teaches(Recipe recipe, Knowledge knowledge) => recipe.Distillation.Any(term => term.Knowledge == knowledge);

    private static void CheckHeads(Recipe recipe, DetectorOptions teacher, OptionProblems problems)
    {
        (DistributionHeadOptions taught, DistributionHeadOptions own) = (teacher.Head, recipe.Model.Head);
        bool localization = Teaches(recipe, Knowledge.Localization);
        if (localization && taught.RegMax != own.RegMax)
        {
            problems.Refuse(
                "teacher",
                $"the teacher's box edges have {taught.RegMax + 1} bins and the student's {own.RegMax + 1}; localization can be "
                    + "distilled only between equal ones "
                + "(model.head.regMax)");
        }

        if (localization && taught is RotatedHeadOptions one && own is RotatedHeadOptions other && !SameBins(one, other))
        {
            problems.Refuse(
                "teacher",
                "localization can be distilled only between equal bins: give teacher and student the same 'head.sideRange', "
                    + "'head.angleRange', 'head.angles', "
                + "'head.edgeSwap' and 'head.normFactor'");
        }

        if (taught.HasBackground != own.HasBackground)
        {
            (string with, string without) = taught.HasBackground ? ("teacher", "student") : ("student", "teacher");
            problems.Refuse(
                "teacher", $"the {with} has one more class channel, for background, and the {without} has not; give both the same "
                    + "'head.backgroundChannel'");
        }
    }

    private static bool SameBins(RotatedHeadOptions one, RotatedHeadOptions other) =>
        one.SideRange.SequenceEqual(other.SideRange) && one.AngleRange.SequenceEqual(other.AngleRange)
        && (one.Angles, one.EdgeSwap, one.NormFactor) == (other.Angles, other.EdgeSwap, other.NormFactor);

    private static void CheckPriors(DetectorOptions student, DetectorOptions teacher, OptionProblems problems)
    {
        if (teacher.Priors.PerCell != student.Priors.PerCell)
        {
            problems.Refuse(
                "teacher",
                $"teacher and student need the same anchors, but the teacher has {teacher.Priors.PerCell} a cell and the student "
                    + $"{student.Priors.PerCell}; "
                + "take a teacher of the same detector, or give both the same 'priors'");
        }

        if (OptionKinds.NameOf(teacher.Priors) != OptionKinds.NameOf(student.Priors))
        {
            problems.Refuse(
                "teacher",
                $"the teacher's boxes are decoded from {OptionKinds.NameOf(teacher.Priors)} and the student's from "
                    + $"{OptionKinds.NameOf(student.Priors)}, which stand half a cell "
                + "apart; take a teacher with the same 'priors.type'");
        }

        if (student.IsOfAnchors && teacher.Priors is AnchorOptions taught && student.Priors is AnchorOptions own
            && (taught.OctaveBaseScale != own.OctaveBaseScale || taught.ScalesPerOctave != own.ScalesPerOctave
                || !taught.Ratios.SequenceEqual(own.Ratios)))
        {
            problems.Refuse(
                "teacher",
                $"the boxes of the detector {student.Name} are decoded from its anchors, and the teacher has others than the student; "
                    + "give both the same "
                + "'priors.octaveBaseScale', 'priors.scalesPerOctave' and 'priors.ratios', in the same order (the teacher's are "
                    + "teacher.model.priors)");
        }
    }
}
