namespace Retort.Benchmarks;

/// <summary>The checkout that the benchmarks were built from; they use its recipes and peer scripts.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds Retort.slnx.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Retort.slnx")))
        {
            at = at.Parent ?? throw new DirectoryNotFoundException("run the benchmarks from a checkout");
        }

        return at.FullName;
    }
}
