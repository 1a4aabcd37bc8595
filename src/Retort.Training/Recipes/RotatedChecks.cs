using Retort.Core.Geometry;
using Retort.Distillation;
using Retort.Training.Building;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>Checks of what only detectors of rotated boxes have, or do not have.</summary>
internal static class RotatedChecks
{
    /// <summary>Checks a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rotated">Whether its boxes are rotated.</param>
    /// <param name="key">Where it stands in the recipe.</param>
    /// <param name="require">Told of every condition: whether it holds, the key, and what to say if not.</param>
    public static void Check(ModelOptions model, bool rotated, string key, Action<bool, string, string> require)
    {
        string detector = Names.Value(model.Detector), box = Names.Value(model.Losses.Box.Type);
        bool upright = model.Losses.Box.Type is BoxLossKind.Giou or BoxLossKind.Diou or BoxLossKind.Ciou;
        require(
            upright != rotated,
            $"{key}.losses.box",
            $"'{key}.losses.box.type' is {box}, a loss of {(upright ? "upright" : "rotated")} boxes, but the boxes of the detector {detector} are "
            + $"{(rotated ? "rotated: smooth-l1, gwd, kld, reverse-kld or kf-iou" : "upright: giou, diou or ciou")}");
        require(
            rotated || model.Head.RegMax > 0,
            $"{key}.head.regMax",
            $"'{key}.head.regMax' is 0, but the detector {detector} tells boxes from distributions; it needs at least 1");
        require(
            !rotated || model.Assigner.Type == AssignerKind.MaxIou,
            $"{key}.assigner",
            $"the detector {detector} needs '{key}.assigner.type' max-iou, not {Names.Value(model.Assigner.Type)}");
        require(
            !rotated || model.PostProcessing.Nms.Type == NmsKind.Nms,
            $"{key}.postProcessing.nms",
            $"rotated boxes are suppressed by '{key}.postProcessing.nms.type' nms, not {Names.Value(model.PostProcessing.Nms.Type)}");
        require(
            !model.Head.EdgeSwap || (rotated && model.Head.Angles != AngleConvention.Oc),
            $"{key}.head.edgeSwap",
            $"'{key}.head.edgeSwap' is for rotated boxes with '{key}.head.angles' le90 or le135; with oc the angle says which side is the width");
        require(
            rotated || model.Head.NormFactor is null,
            $"{key}.head.normFactor",
            $"'{key}.head.normFactor' is for rotated boxes, but those of the detector {detector} are upright");
        CheckRange(model.Head.SideRange, $"{key}.head.sideRange", require);
        CheckRange(model.Head.AngleRange, $"{key}.head.angleRange", require);
    }

    /// <summary>Checks a student against the data and its teacher.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="require">Told of every condition.</param>
    public static void Check(Recipe recipe, Action<bool, string, string> require)
    {
        (ModelOptions student, bool rotated) = (recipe.Model, DetectorParts.Of(recipe.Model.Detector).Rotated);
        require(
            !rotated || student.Head.Angles == recipe.Data.Angles,
            "model.head.angles",
            $"'model.head.angles' is {Names.Value(student.Head.Angles)} and 'data.angles' {Names.Value(recipe.Data.Angles)}; give both the same");
        bool localization = recipe.Distillation.Any(t => t.Knowledge == Knowledge.Localization);
        require(
            !localization || student.Head.RegMax > 0,
            "distillation",
            "localization is taught by distributions, but 'model.head.regMax' is 0: boxes without them; give teacher and student 8");
        require(
            !rotated || recipe.Distillation.All(t => t.Divergence != Divergence.TeacherBoundedRegression),
            "distillation",
            $"teacher-bounded-regression compares upright boxes, but those of the detector {Names.Value(student.Detector)} are rotated; take localization, or features, instead");
        if (recipe.Teacher?.Model is not { } teacher)
        {
            return;
        }

        require(
            DetectorParts.Of(teacher.Detector).Rotated == rotated,
            "teacher",
            $"the teacher is a {Names.Value(teacher.Detector)} and the student a {Names.Value(student.Detector)}; both need rotated boxes, or both upright ones");
        bool same = teacher.Head.SideRange.SequenceEqual(student.Head.SideRange) && teacher.Head.AngleRange.SequenceEqual(student.Head.AngleRange) && teacher.Head.Angles == student.Head.Angles
            && teacher.Head.EdgeSwap == student.Head.EdgeSwap && teacher.Head.NormFactor == student.Head.NormFactor;
        require(
            !rotated || !localization || same,
            "teacher",
            "localization can be distilled only between equal bins: give teacher and student the same 'head.sideRange', 'head.angleRange', 'head.angles', 'head.edgeSwap' and 'head.normFactor'");
    }

    private static void CheckRange(IReadOnlyList<double> range, string key, Action<bool, string, string> require) =>
        require(range.Count == 2 && range[0] < range[1], key, $"'{key}' needs two numbers, the smaller one first");
}
