namespace Retort.Evaluation;

/// <summary>
/// Entries (objects or detections) brought into the order of evaluation: by group, within a group by image, within an image as in the file.
/// A group is a category, or everything when categories do not count.
/// </summary>
internal sealed class ImageGroups
{
    private readonly int[] _imageRanks;
    private readonly int[] _order;
    private readonly int[] _starts;

    /// <param name="imageRanks">Rank of the image of each entry [N].</param>
    /// <param name="categoryRanks">Rank of the category of each entry [N].</param>
    /// <param name="imageCount">Number of images.</param>
    /// <param name="categoryCount">Number of categories.</param>
    /// <param name="useCategories">
    /// When false there is one group; an image's entries are then ordered by category first, which decides between equal scores.
    /// </param>
    public ImageGroups(int[] imageRanks, int[] categoryRanks, int imageCount, int categoryCount, bool useCategories)
    {
        _imageRanks = imageRanks;
        var fileOrder = new int[imageRanks.Length];
        for (int i = 0; i < fileOrder.Length; i++)
        {
            fileOrder[i] = i;
        }

        if (useCategories)
        {
            (int[] byImage, _) = StableCountingSort(fileOrder, imageRanks, imageCount);
            (_order, _starts) = StableCountingSort(byImage, categoryRanks, categoryCount);
        }
        else
        {
            (int[] byCategory, _) = StableCountingSort(fileOrder, categoryRanks, categoryCount);
            (_order, _) = StableCountingSort(byCategory, imageRanks, imageCount);
            _starts = [0, _order.Length];
        }
    }

    /// <summary>Number of groups.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The entries of a group, by image.</summary>
    public ReadOnlySpan<int> Group(int group) => _order.AsSpan(_starts[group].._starts[group + 1]);

    /// <summary>
    /// Cuts the entries of one image off the front of <paramref name="entries"/>; the result is empty when the front is of another image.
    /// </summary>
    public ReadOnlySpan<int> TakeImage(scoped ref ReadOnlySpan<int> entries, int imageRank)
    {
        int count = 0;
        while (count < entries.Length && _imageRanks[entries[count]] == imageRank)
        {
            count++;
        }

        ReadOnlySpan<int> taken = entries[..count];
        entries = entries[count..];
        return taken;
    }

    /// <summary>The image of the first entry, or a rank beyond all when there is none.</summary>
    public int FirstImage(ReadOnlySpan<int> entries) => entries.IsEmpty ? int.MaxValue : _imageRanks[entries[0]];

    /// <summary>The entries of one image within a group.</summary>
    public ReadOnlySpan<int> OfImage(int group, int imageRank)
    {
        ReadOnlySpan<int> entries = Group(group);
        while (FirstImage(entries) < imageRank)
        {
            entries = entries[1..];
        }

        return TakeImage(ref entries, imageRank);
    }

    private static (int[] Order, int[] Starts) StableCountingSort(int[] entries, int[] keys, int keyCount)
    {
        var starts = new int[keyCount + 1];
        foreach (int key in keys)
        {
            starts[key + 1]++;
        }

        for (int k = 0; k < keyCount; k++)
        {
            starts[k + 1] += starts[k];
        }

        var next = starts.AsSpan(0, keyCount).ToArray();
        var order = new int[entries.Length];
        foreach (int entry in entries)
        {
            order[next[keys[entry]]++] = entry;
        }

        return (order, starts);
    }
}
