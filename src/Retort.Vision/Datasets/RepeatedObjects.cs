using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>Objects that an annotation gives more than once: the same class and the same box, to the last digit.</summary>
internal static class RepeatedObjects
{
    /// <summary>Leaves out each object that another one of the same image is equal to, and warns of it.</summary>
    /// <param name="records">The images.</param>
    /// <param name="options">Boxes that are read as written, for measuring or conversion, are kept: the reference evaluations count
    /// them.</param>
    /// <param name="problems">Where warnings are added, one an image.</param>
    public static ImageRecord[] LeaveOut(ImageRecord[] records, DatasetReadOptions options, DatasetProblems problems) =>
        options.BoxesAsWritten ? records : [.. records.Select(record => LeaveOut(record, problems))];

    private static ImageRecord LeaveOut(ImageRecord record, DatasetProblems problems)
    {
        if (record.Objects.Count < 2)
        {
            return record;
        }

        ObjectAnnotation[] different = [.. record.Objects.Distinct()];
        int repeated = record.Objects.Count - different.Length;
        if (repeated == 0)
        {
            return record;
        }

        problems.Warn(
            ProblemKind.Duplicate, record.Path, "",
                $"{repeated} of its {record.Objects.Count} objects are there before, with the same class and box",
                "They count once; delete the repeated ones.");
        return record with { Objects = different };
    }
}
