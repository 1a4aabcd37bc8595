using System.Globalization;

namespace Retort.Core.Options;

/// <summary>
/// The range of a numeric option, or of each number of a list or of both sides of a size. Checked by <see cref="OptionRules"/> and when a
/// recipe is read.
/// </summary>
/// <param name="minimum">The smallest value allowed.</param>
/// <param name="maximum">The largest value allowed (or, with <see cref="Below"/>, the smallest that is not); infinity where there is
/// none.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WithinAttribute(double minimum, double maximum = double.PositiveInfinity) : Attribute
{
    /// <summary>The smallest value allowed (or, with <see cref="Above"/>, the largest that is not).</summary>
    public double Minimum { get; } = minimum;

    /// <summary>The largest value allowed (or, with <see cref="Below"/>, the smallest that is not).</summary>
    public double Maximum { get; } = maximum;

    /// <summary>Whether the minimum itself is excluded.</summary>
    public bool Above { get; init; }

    /// <summary>Whether the maximum itself is excluded.</summary>
    public bool Below { get; init; }

    /// <summary>Whether a value lies in the range.</summary>
    /// <param name="value">Any number.</param>
    public bool Contains(double value) => (Above ? value > Minimum : value >= Minimum) && (Below ? value < Maximum : value <= Maximum);

    /// <summary>The range in words, such as "at least 1" or "from 0 to 1".</summary>
    public string Describe()
    {
        (string low, string high) = (Minimum.ToString(CultureInfo.InvariantCulture), Maximum.ToString(CultureInfo.InvariantCulture));
        if (double.IsPositiveInfinity(Maximum))
        {
            return Above ? $"above {low}" : $"at least {low}";
        }

        return (Above, Below) switch
        {
            (false, false) => $"from {low} to {high}",
            (false, true) => $"at least {low} and below {high}",
            (true, false) => $"above {low} and at most {high}",
            (true, true) => $"above {low} and below {high}",
        };
    }
}

/// <summary>The few whole numbers that an option may be.</summary>
/// <param name="values">The numbers allowed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params int[] values) : Attribute
{
    /// <summary>The numbers allowed.</summary>
    public IReadOnlyList<int> Values { get; } = values;
}
