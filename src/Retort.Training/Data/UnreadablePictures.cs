namespace Retort.Training.Data;

/// <summary>
/// Counts the pictures that a run leaves out because they cannot be read. The first few are named, each once however often an epoch comes
/// to it; then their number is told whenever it has doubled.
/// </summary>
/// <param name="warn">Told a line each.</param>
internal sealed class UnreadablePictures(Action<string>? warn)
{
    private const int Named = 8;
    private readonly HashSet<string> _known = [];

    /// <summary>Takes what was said of a picture; the same of the same picture is heard once.</summary>
    public void Add(string problem)
    {
        if (!_known.Add(problem))
        {
            return;
        }

        if (_known.Count <= Named)
        {
            warn?.Invoke($"left out (loader.unreadable: skip): {problem}");
        }
        else if (int.IsPow2(_known.Count))
        {
            warn?.Invoke($"{_known.Count} pictures were left out so far because they cannot be read; 'retort dataset check' lists them");
        }
    }
}
