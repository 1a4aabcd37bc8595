using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Retort.Core.Options;

/// <summary>A value of several numbers, each of which must lie in the range of an option.</summary>
public interface IOptionNumbers
{
    /// <summary>The numbers.</summary>
    IEnumerable<double> Numbers { get; }
}

/// <summary>One option of an option record: all that checking, reading, writing and listing options needs to know of it.</summary>
public sealed class OptionProperty
{
    private readonly PropertyInfo _property;
    private readonly Effect? _effect;

    internal OptionProperty(PropertyInfo property)
    {
        _property = property;
        Key = OptionNames.Key(property.Name);
        IsNullable = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        IsCodeOnly = property.IsDefined(typeof(CodeOnlyAttribute));
        Range = property.GetCustomAttribute<WithinAttribute>();
        Choices = property.GetCustomAttribute<OneOfAttribute>()?.Values ?? [];
        _effect = property.GetCustomAttribute<AffectsAttribute>()?.Effect;
        Conditions = [.. property.GetCustomAttributes<OnlyWithAttribute>()];
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        ElementType = Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? Type.GetGenericArguments()[0]
            : null;
    }

    /// <summary>The key in recipes and messages.</summary>
    public string Key { get; }

    /// <summary>The property's name.</summary>
    public string MemberName => _property.Name;

    /// <summary>The record that declares the property, which may be a base of the one that it was asked of.</summary>
    public Type DeclaringType => _property.DeclaringType!;

    /// <summary>The type without its question mark.</summary>
    public Type Type { get; }

    /// <summary>The type of the items of a list; otherwise null.</summary>
    public Type? ElementType { get; }

    /// <summary>Whether it may be null.</summary>
    public bool IsNullable { get; }

    /// <summary>Whether it has no default.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether recipes do not have it.</summary>
    public bool IsCodeOnly { get; }

    /// <summary>The range of its numbers; null if any number will do.</summary>
    public WithinAttribute? Range { get; }

    /// <summary>The few whole numbers that it may be; empty if there is no such list.</summary>
    public IReadOnlyList<int> Choices { get; }

    /// <summary>The conditions under which it has an effect.</summary>
    public IReadOnlyList<OnlyWithAttribute> Conditions { get; }

    /// <summary>What it has an effect on.</summary>
    /// <param name="group">What the record that it is in has an effect on, which is the most that a part of it can have.</param>
    public Effect EffectIn(Effect group) => _effect is { } own && own < group ? own : group;

    /// <summary>Its value.</summary>
    /// <param name="options">The record.</param>
    public object? Get(object options) => _property.GetValue(options);

    /// <summary>Sets its value, for a record that is being made.</summary>
    /// <param name="options">The record.</param>
    /// <param name="value">The value.</param>
    public void Set(object options, object? value) => _property.SetValue(options, value);

    /// <summary>
    /// What is wrong with a single value (an item, where this is a list), such as "must be from 0 to 1"; null if nothing is.
    /// </summary>
    /// <param name="value">The value.</param>
    public string? Problem(object value)
    {
        if (Range is { } range && !Numbers(value).All(range.Contains))
        {
            return $"must be {range.Describe()}";
        }

        if (Choices.Count > 0 && value is int choice && !Choices.Contains(choice))
        {
            return $"must be one of {string.Join(", ", Choices)}";
        }

        return value is Enum member && !Enum.IsDefined(member.GetType(), member)
            ? $"must be one of {string.Join(", ", Enum.GetNames(member.GetType()).Select(OptionNames.Value))}"
            : null;
    }

    private static IEnumerable<double> Numbers(object value) => value switch
    {
        IOptionNumbers several => several.Numbers,
        int or long or float or double => [Convert.ToDouble(value, CultureInfo.InvariantCulture)],
        _ => [],
    };
}

/// <summary>
/// The options of an option record: its public properties that can be set, those of base records first, each in the order of declaration.
/// All reflection over options is in this folder: which type a key leads to is decided by declared types and by
/// <see cref="KindAttribute"/>, never by text.
/// </summary>
public static class OptionSchema
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionProperty>> s_known = new();
    private static readonly ConcurrentDictionary<Type, object> s_defaults = new();

    /// <summary>All options of a record.</summary>
    /// <param name="record">The record's type.</param>
    public static IReadOnlyList<OptionProperty> All(Type record) => s_known.GetOrAdd(record, static type =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).OrderBy(Place)
            .Select(p => new OptionProperty(p))]);

    /// <summary>The options of a record that recipes have.</summary>
    /// <param name="record">The record's type.</param>
    public static IReadOnlyList<OptionProperty> Of(Type record) => [.. All(record).Where(property => !property.IsCodeOnly)];

    /// <summary>The option of a record with a key; null if recipes have none.</summary>
    /// <param name="record">The record's type.</param>
    /// <param name="key">The key.</param>
    public static OptionProperty? Find(Type record, string key) =>
        All(record).FirstOrDefault(property => property.Key == key && !property.IsCodeOnly);

    /// <summary>Whether the type is a record of options or a choice among some (and not a value, a list or an enum).</summary>
    /// <param name="type">Any type.</param>
    public static bool IsOptions(Type type) => OptionKinds.Of(type) is not null || (type.IsClass && type.GetMethod("<Clone>$") is not null);

    /// <summary>A new record with all defaults; members that are required are still unset.</summary>
    /// <param name="record">The record's type.</param>
    public static object Create(Type record) => Activator.CreateInstance(record)!;

    /// <summary>A record with all defaults to compare with.</summary>
    /// <param name="record">The record's type.</param>
    public static object Defaults(Type record) => s_defaults.GetOrAdd(record, Create);

    /// <summary>
    /// The records of options that a value consists of, each with its key below it: the value itself, or the items of a list of them.
    /// </summary>
    /// <param name="key">The value's key.</param>
    /// <param name="value">A value of an option.</param>
    public static IEnumerable<(string Key, object Record)> Records(string key, object? value) => value switch
    {
        null or string => [],
        IEnumerable items => items.Cast<object>().Select((item, k) => (string.Create(CultureInfo.InvariantCulture, $"{key}.{k}"), item))
            .Where(pair => IsOptions(pair.item.GetType())),
        _ when IsOptions(value.GetType()) => [(key, value)],
        _ => [],
    };

    /// <summary>Whether two values of an option are equal; lists are if their items are.</summary>
    /// <param name="one">A value.</param>
    /// <param name="other">Another.</param>
    public static bool AreEqual(object? one, object? other) => (one, other) switch
    {
        (string, string) => Equals(one, other),
        (IEnumerable first, IEnumerable second) => first.Cast<object>().ToArray() is var a && second.Cast<object>().ToArray() is var b
            && a.Length == b.Length && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        ({ }, { }) when one.GetType() == other.GetType() && IsOptions(one.GetType()) =>
            All(one.GetType()).All(p => AreEqual(p.Get(one), p.Get(other))),
        _ => Equals(one, other),
    };

    // An overriding property stands where its base declares it.
    private static (int Depth, int Token) Place(PropertyInfo property)
    {
        MethodInfo first = property.GetMethod!.GetBaseDefinition();
        int depth = 0;
        for (Type? type = first.DeclaringType; type is not null; type = type.BaseType)
        {
            depth++;
        }

        return (depth, first.DeclaringType!.GetProperty(property.Name,
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)!.MetadataToken);
    }
}
