namespace Retort.Core.Options;

/// <summary>Marks a property of an option record that programs set and recipes do not have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CodeOnlyAttribute : Attribute;
