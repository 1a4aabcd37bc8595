using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>Checks what boxes are told from against the rule that assigns objects to it, and between teacher and student.</summary>
internal static class PriorChecks
{
    /// <summary>Checks the priors and the assigner of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="key">Where it stands in the recipe.</param>
    /// <param name="require">Told of every condition: whether it holds, the key, and what to say if not.</param>
    public static void Check(ModelOptions model, string key, Action<bool, string, string> require)
    {
        (PriorOptions priors, AssignerOptions assigner) = (model.Priors, model.Assigner);
        (string rule, string kind) = (Names.Value(assigner.Type), Names.Value(priors.Type));
        PriorKind wanted = assigner.Type == AssignerKind.Fcos ? PriorKind.Points : PriorKind.Anchors;
        require(
            priors.Type == wanted,
            $"{key}.assigner",
            $"'{key}.assigner.type' is {rule}, which assigns objects to {Names.Value(wanted)}, but '{key}.priors.type' is {kind}; change one of them"
            + (wanted == PriorKind.Points ? ", or include the base recipe fcos.yaml" : ""));
        require(
            priors.Type != PriorKind.Points || priors.PerCell == 1,
            $"{key}.priors",
            $"'{key}.priors.type' is points, of which each cell has one, but '{key}.priors' makes {priors.PerCell} a cell; leave 'scalesPerOctave' and 'ratios' at one");
        require(
            priors.Type != PriorKind.Points || priors.AllowedBorder is null,
            $"{key}.priors.allowedBorder",
            $"'{key}.priors.allowedBorder' is for anchors, and '{key}.priors.type' is points, which have no extent; leave it out");
        require(
            assigner.NegativeIou <= assigner.PositiveIou,
            $"{key}.assigner",
            $"'{key}.assigner.negativeIou' is {assigner.NegativeIou}, above '{key}.assigner.positiveIou' ({assigner.PositiveIou}); a prior cannot be background and positive");
    }

    /// <summary>Checks that a teacher's predictions stand where the student's do.</summary>
    /// <param name="student">The student's model.</param>
    /// <param name="teacher">The teacher's model.</param>
    /// <param name="require">As above.</param>
    public static void CheckPair(ModelOptions student, ModelOptions teacher, Action<bool, string, string> require)
    {
        require(
            teacher.Neck.Levels == student.Neck.Levels,
            "teacher",
            $"teacher and student need the same pyramid, but the teacher's has {teacher.Neck.Levels} levels and the student's {student.Neck.Levels}; give both the same 'neck.levels'");
        require(
            teacher.Priors.PerCell == student.Priors.PerCell,
            "teacher",
            $"teacher and student need the same anchors, but the teacher has {teacher.Priors.PerCell} a cell and the student {student.Priors.PerCell}; "
            + "take a teacher of the same detector, or give both the same 'priors'");
        require(
            teacher.Priors.Type == student.Priors.Type,
            "teacher",
            $"the teacher tells boxes from {Names.Value(teacher.Priors.Type)} and the student from {Names.Value(student.Priors.Type)}, which stand half a cell apart; "
            + "take a teacher with the same 'priors.type'");

        require(
            !student.IsOfAnchors || (teacher.Priors.OctaveBaseScale == student.Priors.OctaveBaseScale && teacher.Priors.ScalesPerOctave == student.Priors.ScalesPerOctave
                && teacher.Priors.Ratios.SequenceEqual(student.Priors.Ratios)),
            "teacher",
            $"the detector {Names.Value(student.Detector)} tells boxes from its anchors, and the teacher has others than the student; give both the same 'priors.octaveBaseScale', "
            + "'priors.scalesPerOctave' and 'priors.ratios', in the same order (the teacher's are teacher.model.priors)");
    }
}
