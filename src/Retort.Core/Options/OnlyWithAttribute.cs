namespace Retort.Core.Options;

/// <summary>
/// Marks an option that has an effect only if another option of the same record has one of some values. Elsewhere it must keep its default:
/// whoever changes it expects an effect. Of several attributes on a property all must hold.
/// </summary>
/// <param name="property">The name of the other property.</param>
/// <param name="values">The values with which the option has an effect.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class OnlyWithAttribute(string property, params object[] values) : Attribute
{
    /// <summary>The name of the other property.</summary>
    public string Property { get; } = property;

    /// <summary>The values with which the option has an effect.</summary>
    public IReadOnlyList<object> Values { get; } = values;
}
