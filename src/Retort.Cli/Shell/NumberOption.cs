using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Retort.Cli.Shell;

/// <summary>
/// Options that are numbers of a range. They are read alike on every machine, with a decimal point and nothing between thousands: 0,5 is
/// not taken for 5.
/// </summary>
internal static class NumberOption
{
    /// <summary>A number from 0 to 1.</summary>
    public static Option<double> Share(string name, string description, double value) => Real(name, description, value, 0, 1);

    /// <summary>A number.</summary>
    public static Option<double> Real(string name, string description, double value, double least, double most) => new(name)
    {
        Description = description,
        HelpName = string.Create(CultureInfo.InvariantCulture, $"{least}..{most}"),
        DefaultValueFactory = _ => value,
        CustomParser = result => Read(result, name, least, most).FirstOrDefault(),
    };

    /// <summary>One number or several.</summary>
    public static Option<double[]> Reals(string name, string description, IReadOnlyList<double> values, double least, double most) =>
        new(name)
        {
            Description = description,
            HelpName = "n",
            DefaultValueFactory = _ => [.. values],
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result => Read(result, name, least, most),
        };

    /// <summary>A whole number.</summary>
    public static Option<int> Whole(string name, string description, int value, int least, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "n",
        DefaultValueFactory = _ => value,
        CustomParser = result => ReadWhole(result, result.Tokens.Single().Value, name, least, most),
    };

    /// <summary>A whole number that need not be given.</summary>
    public static Option<int?> WholeIfGiven(string name, string description, string unit, int least, int most) => new(name)
    {
        Description = description,
        HelpName = unit,
        CustomParser = result => ReadWhole(result, result.Tokens.Single().Value, name, least, most),
    };

    /// <summary>One whole number or several.</summary>
    public static Option<int[]> Wholes(string name, string description, IReadOnlyList<int> values) => new(name)
    {
        Description = description,
        HelpName = "n",
        DefaultValueFactory = _ => [.. values],
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => [.. result.Tokens.Select(token => ReadWhole(result, token.Value, name, int.MinValue, int.MaxValue))],
    };

    /// <summary>Width and height, as two whole numbers or as one word with an x between them.</summary>
    public static Option<int[]> Size(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "width height",
        Arity = new ArgumentArity(1, 2),
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => ReadSize(result, name, least, most),
    };

    private static int[] ReadSize(ArgumentResult result, string name, int least, int most)
    {
        string[] words = [.. result.Tokens.Select(token => token.Value)];
        int[] sides = [.. words.SelectMany(word => word.Split('x')).Select(
            word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int side) ? side : -1)];
        if (sides.Length != 2 || sides.Any(side => side < least || side > most))
        {
            result.AddError($"{name} is '{string.Join(' ', words)}'; it must be width and height, each from {least} to {most}, as in "
                + $"{name} 1344 800.");
        }

        return sides;
    }

    private static int ReadWhole(ArgumentResult result, string text, string name, int least, int most)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) || number < least
            || number > most)
        {
            string range = (least, most) switch
            {
                (int.MinValue, _) => "",
                (_, int.MaxValue) => $" of at least {least}",
                _ => $" from {least} to {most}",
            };
            result.AddError($"{name} is '{text}'; it must be a whole number{range}.");
        }

        return number;
    }

    private static double[] Read(ArgumentResult result, string name, double least, double most)
    {
        List<double> numbers = [];
        foreach (Token token in result.Tokens)
        {
            if (double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least
                && number <= most)
            {
                numbers.Add(number);
                continue;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture,
                $"{name} is '{token.Value}'; it must be a number from {least} to {most}, with a decimal point where it has decimals."));
            return [];
        }

        return [.. numbers];
    }
}
