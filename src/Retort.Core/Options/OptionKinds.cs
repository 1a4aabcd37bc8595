using System.Collections.Concurrent;
using System.Reflection;

namespace Retort.Core.Options;

/// <summary>The kinds of a choice: what <see cref="KindAttribute"/> says of an abstract record or interface.</summary>
public sealed class OptionKinds
{
    private const string UsualKey = "type";
    private static readonly ConcurrentDictionary<Type, OptionKinds?> s_known = new();
    private readonly (string Name, Type Record)[] _kinds;

    private OptionKinds(string key, (string Name, Type Record)[] kinds) => (Key, _kinds) = (key, kinds);

    /// <summary>The key that names the kind.</summary>
    public string Key { get; }

    /// <summary>
    /// Whether a map of another kind replaces an earlier one in a recipe's <c>include</c>. So it is where the key is <c>type</c>; where the
    /// kind has a key of its own, the two have most of their parts in common, and merge.
    /// </summary>
    public bool ReplacesOthers => Key == UsualKey;

    /// <summary>The names in the order of their attributes.</summary>
    public IReadOnlyList<string> Names => [.. _kinds.Select(kind => kind.Name)];

    /// <summary>The records in the same order.</summary>
    public IReadOnlyList<Type> Records => [.. _kinds.Select(kind => kind.Record)];

    /// <summary>The kinds of a type; null where it is no choice.</summary>
    /// <param name="type">An abstract record or interface, or any other type.</param>
    public static OptionKinds? Of(Type type) => s_known.GetOrAdd(type, static type =>
    {
        KindAttribute[] kinds = [.. type.GetCustomAttributes<KindAttribute>(inherit: false)];
        string key = type.GetCustomAttribute<KindKeyAttribute>(inherit: false)?.Key ?? UsualKey;
        return kinds.Length == 0 ? null : new OptionKinds(key, [.. kinds.Select(kind => (kind.Name, kind.Record))]);
    });

    /// <summary>The choice that a record is a kind of; null if it is none.</summary>
    /// <param name="record">The record's type.</param>
    public static OptionKinds? Above(Type record)
    {
        IEnumerable<Type> above = record.GetInterfaces();
        for (Type? type = record.BaseType; type is not null; type = type.BaseType)
        {
            above = above.Prepend(type);
        }

        return above.Select(Of).FirstOrDefault(kinds => kinds?.Name(record) is not null);
    }

    /// <summary>The name of a record's kind, such as <c>resnet</c>; null for a record that is no kind of a choice.</summary>
    /// <param name="record">A record of options.</param>
    public static string? NameOf(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Above(record.GetType())?.Name(record.GetType());
    }

    /// <summary>The name of the kind with a record; null if it is none of these.</summary>
    /// <param name="record">The record's type.</param>
    public string? Name(Type record) => _kinds.FirstOrDefault(kind => kind.Record == record).Name;

    /// <summary>The record of the kind with a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    public Type? Record(string name) => _kinds.FirstOrDefault(kind => kind.Name == name).Record;
}
