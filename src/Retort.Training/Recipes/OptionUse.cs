namespace Retort.Training.Recipes;

/// <summary>An option that only some choices of a recipe look at.</summary>
/// <param name="Key">The option, from where it is checked.</param>
/// <param name="Changed">Whether it has another value than its default; the default may always stand there, as in a recipe that is written out.</param>
/// <param name="Used">Whether what was chosen looks at it.</param>
/// <param name="Purpose">What does look at it.</param>
internal readonly record struct OptionUse(string Key, bool Changed, bool Used, string Purpose)
{
    /// <summary>Refuses options that were changed without any effect.</summary>
    /// <param name="uses">The options.</param>
    /// <param name="key">Where they stand in the recipe.</param>
    /// <param name="chosen">What was chosen instead of what looks at them, as a clause.</param>
    /// <param name="require">Told of every condition: whether it holds, the key, and what to say if not.</param>
    public static void Check(IEnumerable<OptionUse> uses, string key, string chosen, Action<bool, string, string> require)
    {
        foreach (OptionUse use in uses)
        {
            string place = key.Length == 0 ? use.Key : $"{key}.{use.Key}";
            require(use.Used || !use.Changed, place, $"'{place}' is for {use.Purpose}, and {chosen}; leave it out, or change that");
        }
    }
}
