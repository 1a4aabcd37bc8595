namespace Retort.Core.Options;

/// <summary>
/// One kind of a choice: an abstract record or interface of options carries one for each record that can take its place. In a recipe the
/// key <c>type</c> (or that of <see cref="KindKeyAttribute"/>) names the kind.
/// </summary>
/// <param name="name">The kind's name in recipes, kebab-case.</param>
/// <param name="record">The record with the options of this kind.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class KindAttribute(string name, Type record) : Attribute
{
    /// <summary>The kind's name in recipes.</summary>
    public string Name { get; } = name;

    /// <summary>The record with the options of this kind.</summary>
    public Type Record { get; } = record;
}

/// <summary>The key that names the kind where it is not <c>type</c>.</summary>
/// <param name="key">The key, camelCase.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, Inherited = false)]
public sealed class KindKeyAttribute(string key) : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}
