using Retort.Core.Options;
using Retort.Recipes.Reading;
using Retort.Recipes;

namespace Retort.Training.Studies;

/// <summary>The file of a study as it is written; see docs/studies.md.</summary>
internal sealed record StudyOptions
{
    /// <summary>What the study asks, in a line.</summary>
    public required string Title { get; init; }

    /// <summary>The row that others are compared with. Default: the first.</summary>
    public string? Base { get; init; }

    /// <summary>The seeds that rows run with which name none. Default: the one in the row's recipe.</summary>
    [Within(0)]
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>Part of a recipe that is laid over the recipe of every row.</summary>
    public RecipeMap? Set { get; init; }

    /// <summary>What is run and compared.</summary>
    public required IReadOnlyList<StudyRowOptions> Rows { get; init; }
}

/// <summary>A row of a study as it is written.</summary>
internal sealed record StudyRowOptions
{
    /// <summary>The row's name, which its run folder has too.</summary>
    public required string Name { get; init; }

    /// <summary>What the table calls it. Default: the name.</summary>
    public string? Label { get; init; }

    /// <summary>A name that <c>retort recipes</c> lists, or a path relative to the study's file.</summary>
    public required string Recipe { get; init; }

    /// <summary>Recipe parts that are laid over the recipe, relative to the study's file.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The row whose trained detector teaches this one.</summary>
    public string? Teacher { get; init; }

    /// <summary>The seeds to run with.</summary>
    [Within(0)]
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>The average precision that the paper reports for this row, in percent.</summary>
    [Within(0, 100)]
    public double? Paper { get; init; }

    /// <summary>Part of a recipe that is laid over this row's recipe.</summary>
    public RecipeMap? Set { get; init; }
}
