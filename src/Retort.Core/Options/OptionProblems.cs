namespace Retort.Core.Options;

/// <summary>Options of a record that must fit each other, beyond the range of each.</summary>
public interface IOptionsTogether
{
    /// <summary>Refuses what does not fit.</summary>
    /// <param name="problems">Receives the first problem.</param>
    void Check(OptionProblems problems);
}

/// <summary>Where options that do not fit each other are refused.</summary>
/// <param name="refuse">Receives the key and the message, and throws.</param>
/// <param name="path">The key of the record that is checked; empty for the outermost.</param>
public sealed class OptionProblems(Action<string, string> refuse, string path = "")
{
    /// <summary>The key of the record that is checked.</summary>
    public string Path { get; } = path;

    /// <summary>The whole key of an option of the record.</summary>
    /// <param name="key">Its key in the record; empty for the record itself.</param>
    public string Key(string key) => Path.Length == 0 ? key : key.Length == 0 ? Path : $"{Path}.{key}";

    /// <summary>The whole key in quotes, as messages name an option.</summary>
    /// <param name="key">Its key in the record.</param>
    public string Name(string key) => $"'{Key(key)}'";

    /// <summary>The same for a record inside.</summary>
    /// <param name="key">Its key.</param>
    public OptionProblems Below(string key) => new(refuse, Key(key));

    /// <summary>Refuses the options. Does not return.</summary>
    /// <param name="key">The key in the record that is to blame.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public void Refuse(string key, string message) => refuse(Key(key), message);
}
