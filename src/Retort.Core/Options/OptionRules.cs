using System.Collections;
using System.Globalization;

namespace Retort.Core.Options;

/// <summary>An option outside its range, or options that do not fit each other.</summary>
/// <param name="option">The key of the option in its record.</param>
/// <param name="message">The whole sentence.</param>
public sealed class OptionException(string option, string message) : RetortException(message)
{
    /// <summary>The key of the option in its record, such as <c>batchSize</c>.</summary>
    public string Option { get; } = option;
}

/// <summary>
/// The rules that stand on option records: ranges (<see cref="WithinAttribute"/>, <see cref="OneOfAttribute"/>), conditions
/// (<see cref="OnlyWithAttribute"/>) and what a record itself checks (<see cref="IOptionsTogether"/>). Constructors call
/// <see cref="Check"/>; reading a recipe uses the same rules.
/// </summary>
public static class OptionRules
{
    /// <summary>
    /// Checks a record with the records inside it. An option without effect is no error here: a checkpoint may have one that nothing looks
    /// at.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <exception cref="OptionException">An option is out of its range, or options do not fit each other.</exception>
    public static void Check(object record)
    {
        CheckRanges(record, "");
        CheckTogether(record, new OptionProblems((key, message) => throw new OptionException(key, message)), _ => false);
    }

    /// <summary>Refuses options of a record, and of the records inside it, that do not fit each other.</summary>
    /// <param name="record">The record, whose ranges are in order.</param>
    /// <param name="problems">Receives the first problem.</param>
    /// <param name="mustHaveEffect">The options, by their whole keys, of which one without effect is refused; null for all.</param>
    public static void CheckTogether(object record, OptionProblems problems, Predicate<string>? mustHaveEffect = null)
    {
        foreach (OptionProperty property in OptionSchema.All(record.GetType()))
        {
            if (mustHaveEffect?.Invoke(problems.Key(property.Key)) != false)
            {
                CheckCondition(record, property, problems);
            }

            foreach ((string key, object inner) in OptionSchema.Records(property.Key, property.Get(record)))
            {
                CheckTogether(inner, problems.Below(key), mustHaveEffect);
            }
        }

        (record as IOptionsTogether)?.Check(problems);
    }

    private static void CheckRanges(object record, string path)
    {
        foreach (OptionProperty property in OptionSchema.All(record.GetType()))
        {
            string key = path.Length == 0 ? property.Key : $"{path}.{property.Key}";
            object? value = property.Get(record);
            foreach (object item in value is IEnumerable items and not string ? items.Cast<object>() : value is null ? [] : [value])
            {
                if (property.Problem(item) is { } problem)
                {
                    throw new OptionException(key, $"'{key}' is {Text(item)}, but it {problem}");
                }
            }

            foreach ((string below, object inner) in OptionSchema.Records(key, value))
            {
                CheckRanges(inner, below);
            }
        }
    }

    private static void CheckCondition(object record, OptionProperty option, OptionProblems problems)
    {
        if (option.Conditions.Count == 0 || option.Conditions.All(condition => Holds(record, condition))
            || OptionSchema.AreEqual(option.Get(record), option.Get(OptionSchema.Defaults(record.GetType()))))
        {
            return;
        }

        string wanted = string.Join(" and the ", option.Conditions.Select(c => $"{OptionNames.Key(c.Property)} "
            + $"{string.Join(" or ", c.Values.Select(Text))}"));
        string given = string.Join(" and ", option.Conditions.Select(c => $"{problems.Name(OptionNames.Key(c.Property))} is "
            + $"{Text(Other(record, c))}"));
        problems.Refuse(option.Key, $"{problems.Name(option.Key)} is for the {wanted}, and {given}; leave it out, or change that");
    }

    private static bool Holds(object record, OnlyWithAttribute condition) => condition.Values.Contains(Other(record, condition));

    private static object Other(object record, OnlyWithAttribute condition) =>
        OptionSchema.All(record.GetType()).First(property => property.MemberName == condition.Property).Get(record)!;

    /// <summary>A value as a recipe would have it.</summary>
    /// <param name="value">A number, a text, a size or an enum value.</param>
    public static string Text(object value) => value switch
    {
        Enum member => OptionNames.Value(member),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
