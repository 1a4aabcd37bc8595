using Retort.Core;

namespace Retort.Evaluation.Coco;

/// <summary>
/// The COCO evaluation of detections as boxes (Lin et al., "Microsoft COCO: Common Objects in Context", and its public evaluation API, with
/// which the results agree to rounding). One difference: there an object whose annotation id is 0 never counts as found.
/// </summary>
public static class CocoEvaluator
{
    /// <summary>Compares detections with the ground truth. Categories are evaluated on all processors.</summary>
    /// <param name="groundTruth">All images count, also those without objects or detections.</param>
    /// <param name="detections">Of images and categories of the ground truth.</param>
    /// <param name="options">What to measure; null is COCO's.</param>
    /// <exception cref="RetortException">A detection is of an unknown image or category.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static CocoEvaluation Evaluate(CocoGroundTruth groundTruth, CocoDetections detections, CocoEvaluationOptions? options = null)
    {
        var problem = new CocoProblem(groundTruth, detections, options ?? new CocoEvaluationOptions());
        var result = new CocoEvaluation(groundTruth, problem.Options, problem.TruthGroups.Count);
        Parallel.For(0, result.K, problem.NewMatcher, (group, _, matcher) =>
        {
            CocoCurves.Fill(CocoGroupMatches.Compute(problem, matcher, group), result, group);
            return matcher;
        }, _ => { });
        return result;
    }

    /// <summary>Shows the matches of one image and category that <see cref="Evaluate"/> counts.</summary>
    /// <param name="groundTruth">The ground truth.</param>
    /// <param name="detections">The detections.</param>
    /// <param name="imageId">Id of the image.</param>
    /// <param name="categoryId">Id of the category; without meaning when the options do not use categories.</param>
    /// <param name="area">The area range.</param>
    /// <param name="options">What to measure; null is COCO's.</param>
    /// <exception cref="ArgumentException">The image or the category is unknown.</exception>
    public static CocoImageMatches Match(
        CocoGroundTruth groundTruth, CocoDetections detections, long imageId, long categoryId, CocoAreaRange area,
            CocoEvaluationOptions? options = null)
    {
        var problem = new CocoProblem(groundTruth, detections, options ?? new CocoEvaluationOptions());
        if (!groundTruth.TryGetImageRank(imageId, out int image))
        {
            throw new ArgumentException($"no image has the id {imageId}", nameof(imageId));
        }

        int category = 0;
        if (problem.Options.UseCategories && !groundTruth.TryGetCategoryRank(categoryId, out category))
        {
            throw new ArgumentException($"no category has the id {categoryId}", nameof(categoryId));
        }

        CocoImageMatcher matcher = problem.NewMatcher();
        matcher.Load(problem.DetectionGroups.OfImage(category, image), problem.TruthGroups.OfImage(category, image));
        matcher.Match(area);
        return CocoImageMatchesBuilder.Build(problem, matcher, area);
    }
}
