namespace Retort.Training.Recipes;

/// <summary>
/// A recipe that cannot be used: the message names the file, the line, what is wrong there and what would be right.
/// An input error in the sense of the command line (exit code 2), which takes every <see cref="IOException"/> for one.
/// </summary>
/// <param name="message">The whole sentence for the person who wrote the recipe.</param>
/// <param name="inner">What a library reported, if it did.</param>
public sealed class RecipeException(string message, Exception? inner = null) : IOException(message, inner);
