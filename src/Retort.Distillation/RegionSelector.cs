using Retort.Detection.Coding;
using Retort.Detection.Dense;

namespace Retort.Distillation;

/// <summary>The regions of one batch, each made once however many terms use it.</summary>
internal sealed class RegionSelector(DenseOutput student, DenseOutput teacher, BatchAssignment assignment, IBoxCoding? coding = null)
{
    private readonly Dictionary<(Region, ValuableRegionOptions?, InstanceScores), PriorSelection> _made = [];
    private readonly Dictionary<RegionFunction, PriorSelection> _own = [];

    public PriorSelection Select(DistillationTerm term)
    {
        if (term.OwnRegion is not { } own)
        {
            return Select(term.Region, term.Valuable, term.Instances);
        }

        return _own.TryGetValue(own, out PriorSelection? selection) ? selection : _own[own] = own.Select(assignment);
    }

    public PriorSelection Select(Region region, ValuableRegionOptions valuable, InstanceScores instances = InstanceScores.Probabilities)
    {
        (Region, ValuableRegionOptions?, InstanceScores) key =
            (region, region == Region.ValuableLocalization ? valuable : null, region == Region.GeneralInstances ? instances : default);
        if (!_made.TryGetValue(key, out PriorSelection? selection))
        {
            _made[key] = selection = Make(region, valuable, instances);
        }

        return selection;
    }

    private PriorSelection Make(Region region, ValuableRegionOptions valuable, InstanceScores instances) =>
        region == Region.GeneralInstances
        ? GeneralInstances.Select(student, teacher, assignment, instances, coding)
        : AssignedRegions.Select(assignment, region, valuable);
}
