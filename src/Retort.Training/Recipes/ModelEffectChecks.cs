using Retort.Core.Geometry;
using Retort.Detection.PostProcessing;
using Retort.Training.Building;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>
/// Checks that no option of a model is for another kind of part than the one that was chosen: such an option would be without effect, and whoever wrote it expects one.
/// </summary>
internal static class ModelEffectChecks
{
    private static readonly ModelOptions s_defaults = new();

    /// <summary>Checks a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="key">Where it stands in the recipe.</param>
    /// <param name="require">Told of every condition: whether it holds, the key, and what to say if not.</param>
    public static void Check(ModelOptions model, string key, Action<bool, string, string> require)
    {
        string detector = $"'{key}.detector' is {Names.Value(model.Detector)}";
        OptionUse.Check(Backbone(model.Backbone, s_defaults.Backbone), $"{key}.backbone", $"'{key}.backbone.type' is {Names.Value(model.Backbone.Type)}", require);
        OptionUse.Check(Head(model.Head, s_defaults.Head, DetectorParts.Of(model.Detector)), $"{key}.head", detector, require);
        OptionUse.Check(Assigner(model.Assigner, s_defaults.Assigner), $"{key}.assigner", $"'{key}.assigner.type' is {Names.Value(model.Assigner.Type)}", require);
        OptionUse.Check(Losses(model.Losses, s_defaults.Losses, DetectorParts.Of(model.Detector)), $"{key}.losses", detector, require);
        OptionUse.Check(
            BoxLoss(model.Losses.Box, s_defaults.Losses.Box, model.IsRotated), $"{key}.losses.box", $"{detector} and '{key}.losses.box.type' {Names.Value(model.Losses.Box.Type)}", require);
        NmsOptions nms = model.PostProcessing.Nms;
        OptionUse.Check(
            Suppression(nms, s_defaults.PostProcessing.Nms),
            $"{key}.postProcessing.nms",
            $"'{key}.postProcessing.nms.type' is {Names.Value(nms.Type)}{(nms.Type == NmsKind.SoftNms ? $" and its decay {Names.Value(nms.Decay)}" : "")}",
            require);
    }

    private static IEnumerable<OptionUse> Backbone(BackboneOptions given, BackboneOptions usual)
    {
        yield return new OptionUse("groups", given.Groups != usual.Groups, given.Type == BackboneKind.Resnext, "the type resnext");
        yield return new OptionUse("baseWidth", given.BaseWidth != usual.BaseWidth, given.Type != BackboneKind.Resnet, "the types resnext and res2net");
        yield return new OptionUse("scales", given.Scales != usual.Scales, given.Type == BackboneKind.Res2net, "the type res2net");
    }

    private static IEnumerable<OptionUse> Head(HeadOptions given, HeadOptions usual, DetectorParts parts)
    {
        yield return new OptionUse("sideRange", !given.SideRange.SequenceEqual(usual.SideRange), parts.Rotated, "rotated boxes");
        yield return new OptionUse("angleRange", !given.AngleRange.SequenceEqual(usual.AngleRange), parts.Rotated, "rotated boxes");
        yield return new OptionUse("angles", given.Angles != usual.Angles, parts.Rotated, "rotated boxes");
        yield return new OptionUse("quality", given.Quality != usual.Quality, parts.Quality, "the detector gflv2");
    }

    private static IEnumerable<OptionUse> Assigner(AssignerOptions given, AssignerOptions usual)
    {
        const string MaxIou = "the type max-iou", Fcos = "the type fcos";
        bool overlaps = given.Type == AssignerKind.MaxIou, points = given.Type == AssignerKind.Fcos;
        yield return new OptionUse("positiveIou", given.PositiveIou != usual.PositiveIou, overlaps, MaxIou);
        yield return new OptionUse("negativeIou", given.NegativeIou != usual.NegativeIou, overlaps, MaxIou);
        yield return new OptionUse("leastIou", given.LeastIou != usual.LeastIou, overlaps, MaxIou);
        yield return new OptionUse("unmatched", given.Unmatched != usual.Unmatched, overlaps, MaxIou);
        yield return new OptionUse("ignoredIof", given.IgnoredIof != usual.IgnoredIof, !points, "the types atss and max-iou");
        yield return new OptionUse("centreRadius", given.CentreRadius != usual.CentreRadius, points, Fcos);
        yield return new OptionUse("reach", given.Reach != usual.Reach, points, Fcos);
    }

    private static IEnumerable<OptionUse> Losses(LossOptions given, LossOptions usual, DetectorParts parts)
    {
        const string Focal = "detectors with the focal loss: atss, fcos, retina, rotated-retina";
        bool quality = parts.Classification == ClassificationLossKind.QualityFocal;
        yield return new OptionUse("classification.beta", given.Classification.Beta != usual.Classification.Beta, quality, "detectors with the quality focal loss: gfl, gflv2");
        yield return new OptionUse("classification.alpha", given.Classification.Alpha != usual.Classification.Alpha, !quality, Focal);
        yield return new OptionUse("classification.gamma", given.Classification.Gamma != usual.Classification.Gamma, !quality, Focal);
        yield return new OptionUse("centerness.weight", given.Centerness.Weight != usual.Centerness.Weight, parts.Centerness, "detectors with centerness: atss, fcos");
    }

    private static IEnumerable<OptionUse> BoxLoss(BoxLossOptions given, BoxLossOptions usual, bool rotated)
    {
        yield return new OptionUse("beta", given.Beta != usual.Beta, given.Type == BoxLossKind.SmoothL1, "the type smooth-l1");
        yield return new OptionUse("form", given.Form != usual.Form, given.Type == BoxLossKind.KfIou, "the type kf-iou");
        yield return new OptionUse("divisor", given.Divisor != usual.Divisor, rotated, "rotated boxes");
    }

    private static IEnumerable<OptionUse> Suppression(NmsOptions given, NmsOptions usual)
    {
        const string Soft = "the type soft-nms", Voting = "the type score-voting-cluster-diou";
        bool soft = given.Type == NmsKind.SoftNms, voting = given.Type == NmsKind.ScoreVotingClusterDiou;
        yield return new OptionUse("decay", given.Decay != usual.Decay, soft, Soft);
        yield return new OptionUse("sigma", given.Sigma != usual.Sigma, soft && given.Decay == SoftNmsDecay.Gaussian, "the type soft-nms with decay gaussian");
        yield return new OptionUse("minScore", given.MinScore != usual.MinScore, soft, Soft);
        yield return new OptionUse("voteThreshold", given.VoteThreshold != usual.VoteThreshold, voting, Voting);
        yield return new OptionUse("distancePower", given.DistancePower != usual.DistancePower, voting, Voting);
        yield return new OptionUse("voteVariance", given.VoteVariance != usual.VoteVariance, voting, Voting);
    }
}
