using Retort.Core;

namespace Retort.Recipes;

/// <summary>
/// A recipe that cannot be used: the message names the file, the line, what is wrong there and what would be right.
/// </summary>
/// <param name="message">The whole sentence for the person who wrote the recipe.</param>
/// <param name="inner">What a library reported, if it did.</param>
public sealed class RecipeException(string message, Exception? inner = null) : RetortException(message, inner);
