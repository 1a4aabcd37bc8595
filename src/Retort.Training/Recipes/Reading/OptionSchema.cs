using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Retort.Core.Options;

namespace Retort.Training.Recipes.Reading;

/// <summary>One option of an option record: all that reading, writing and listing recipes needs to know of it.</summary>
internal sealed class OptionProperty
{
    private readonly PropertyInfo _property;

    public OptionProperty(PropertyInfo property)
    {
        _property = property;
        Key = Names.Key(property.Name);
        IsNullable = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        Range = property.GetCustomAttribute<WithinAttribute>();
        Choices = property.GetCustomAttribute<OneOfAttribute>()?.Values ?? [];
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        ElementType = Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? Type.GetGenericArguments()[0] : null;
    }

    public string Key { get; }

    public string MemberName => _property.Name;

    /// <summary>The type without its question mark.</summary>
    public Type Type { get; }

    /// <summary>The type of the items where this is a list.</summary>
    public Type? ElementType { get; }

    public bool IsNullable { get; }

    public bool IsRequired { get; }

    public WithinAttribute? Range { get; }

    public IReadOnlyList<int> Choices { get; }

    public object? Get(object options) => _property.GetValue(options);

    public void Set(object options, object? value) => _property.SetValue(options, value);
}

/// <summary>
/// The options of an option record in the order of their declaration. All reflection over recipes is in this file: which type a key
/// leads to is decided by the declared type of the property alone, never by text of a recipe.
/// </summary>
internal static class OptionSchema
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionProperty>> Known = new();

    public static IReadOnlyList<OptionProperty> Of(Type record) => Known.GetOrAdd(record, static type =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).OrderBy(p => p.MetadataToken).Select(p => new OptionProperty(p))]);

    /// <summary>Whether the type is a record of options (and not a value, a list or an enum).</summary>
    public static bool IsOptions(Type type) => type.IsClass && type.Assembly == typeof(Recipe).Assembly && type != typeof(RecipeMap);

    /// <summary>A record with all defaults; members that are required are still unset.</summary>
    public static object Create(Type record) => Activator.CreateInstance(record)!;
}
