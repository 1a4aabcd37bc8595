using Retort.Core.Geometry;
using Retort.Core.Options;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Distillation;

/// <summary>
/// Stands beside a student's head and compares its predictions with a teacher's: one loss term for each term of the recipe. The head
/// does not know of it, and any detector with the same outputs can be distilled. As a module it owns what is trained for the distillation
/// alone: <c>adaptation.*</c>, where student and teacher have features of different widths, otherwise nothing.
/// </summary>
public sealed class Distiller : Module
{
    // Keeps a weighted mean over no priors at zero.
    private const double WeightEpsilon = 1e-6;
    private readonly (string Name, DistillationTerm Term)[] _terms;
    private readonly IBoxCoding _coding;
    private readonly FeatureAdaptation? _adaptation;

    /// <summary>Makes a distiller.</summary>
    /// <param name="terms">The terms, in any order.</param>
    /// <param name="coding">The box coding of both detectors; by default distances, as of all detectors of upright boxes.</param>
    /// <param name="adaptation">What the student's features go through before they are compared; the distiller owns it from now on.</param>
    /// <exception cref="OptionException">An option of a term is out of its range, or its options do not fit each other.</exception>
    /// <exception cref="ArgumentException">A term is not for rotated boxes.</exception>
    public Distiller(IReadOnlyList<DistillationTerm> terms, IBoxCoding? coding = null, FeatureAdaptation? adaptation = null)
    {
        _coding = coding ?? new DistanceCoding();
        foreach (DistillationTerm term in terms)
        {
            OptionRules.Check(term);
            if (term.Knowledge == Knowledge.Boxes && _coding.Form != BoxForm.Upright)
            {
                throw new ArgumentException($"{term.Name}: teacher-bounded regression compares upright boxes, but these are rotated",
                    nameof(terms));
            }
        }

        _terms = Named(terms);
        _adaptation = adaptation is null ? null : Register("adaptation", adaptation);
    }

    /// <summary>The weighted, normalised terms, in the order of the recipe; zero where a region is empty.</summary>
    /// <param name="student">The student's predictions, with gradient history.</param>
    /// <param name="teacher">The teacher's predictions for the same images.</param>
    /// <param name="assignment">The student's label assignment.</param>
    /// <remarks>That the two fit each other is checked when a run is put together, by <see cref="Compatibility.Check"/>.</remarks>
    public IReadOnlyList<LossTerm> Compute(DenseOutput student, DenseOutput teacher, BatchAssignment assignment)
    {
        if (_adaptation is not null)
        {
            student = student with { Features = _adaptation.Forward(student.Features) };
        }

        var regions = new RegionSelector(student, teacher, assignment, _coding);
        return [.. _terms.Select(t => new LossTerm(t.Name, Value(t.Term, student, teacher, assignment, regions)))];
    }

    private Tensor Value(DistillationTerm term, DenseOutput student, DenseOutput teacher, BatchAssignment assignment,
        RegionSelector regions)
    {
        PriorSelection selection = regions.Select(term);
        selection = term.Knowledge == Knowledge.Feature ? selection.Cells : selection;
        Tensor divergence = term.Knowledge == Knowledge.Boxes
            ? TeacherBoundedRegression.OfPositives(student, teacher, assignment.Positives, _coding, term.Margin)
            : Divergences.OfPriors(
                KnowledgeRows.Read(term.Knowledge, student, selection, Distributions(term)), TeacherRows(term, teacher, selection), term);
        Tensor? weights = term.Weighting switch
        {
            PriorWeighting.StudentScore => student.BestScores(selection),
            PriorWeighting.TeacherScore => teacher.BestScores(selection),
            PriorWeighting.Region => selection.Weight,
            _ => null,
        };
        Tensor weighted = weights is null ? divergence : divergence * weights;
        Tensor normalised = term switch
        {
            { Normalisation: Normalisation.Sum } => weighted.Sum(),
            { Normalisation: Normalisation.PerPositive } or { Knowledge: Knowledge.Boxes } =>
                weighted.Sum() / ((weights ?? selection.Weight.OnesLike()).Sum() + WeightEpsilon),
            _ => ReferenceSum(term, weighted, selection, assignment),
        };
        return normalised * term.Weight;
    }

    private Tensor TeacherRows(DistillationTerm term, DenseOutput teacher, PriorSelection selection)
    {
        using var noGrad = new NoGradScope();
        return KnowledgeRows.Read(term.Knowledge, teacher, selection, Distributions(term));
    }

    private int Edges => _coding.Form.Numbers();

    // The distributions that a box's logits are taken for.
    private int Distributions(DistillationTerm term) => term.Edges == EdgeSoftmax.Joint ? 1 : Edges;

    private Tensor ReferenceSum(DistillationTerm term, Tensor weighted, PriorSelection selection, BatchAssignment assignment)
    {
        if (term is { Knowledge: Knowledge.Localization, Normalisation: Normalisation.ReferenceRotated })
        {
            // The divergence of a prior is the mean over its edges.
            weighted *= Edges;
        }
        else if (term.Knowledge == Knowledge.Localization)
        {
            return term is { Region: Region.ValuableLocalization, OwnRegion: null } ? weighted.Sum() / 4 : weighted.Sum();
        }

        IReadOnlyList<int> positives = assignment.Positives.Selection.LevelCounts;
        return selection.SumOfLevelMeans(weighted, level => term.Knowledge != Knowledge.Feature || positives[level] > 0);
    }

    // A number distinguishes two terms of the same kind.
    private static (string, DistillationTerm)[] Named(IReadOnlyList<DistillationTerm> terms) =>
        [.. terms.Select((t, k) => terms.Take(k).Count(earlier => earlier.Name == t.Name) is > 0 and var seen ? ($"{t.Name}_{seen + 1}", t)
            : (t.Name, t))];
}
