using System.Reflection;

namespace Retort.Cli.Tests.Architecture;

/// <summary>What each library offers is a decision: it is written down, a file per library, and a change to it is seen.</summary>
/// <remarks><c>make surface</c> writes the files anew.</remarks>
public class PublicSurfaceTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Libraries => [.. ProjectFiles.Libraries];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_surface_is_the_one_that_is_written_down(string project)
    {
        string file = Path.Combine(Repository.Root, "tests", "Retort.Cli.Tests", "Architecture", "PublicSurface", project + ".txt");
        string[] surface = [.. Surface(ProjectFiles.Load(project))];
        if (Environment.GetEnvironmentVariable("RETORT_WRITE_SURFACE") is "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllLines(file, surface);
        }

        string[] written = File.Exists(file) ? File.ReadAllLines(file) : [];
        Assert.True(
            surface.SequenceEqual(written),
            $"the public surface of {project} has changed; where that is meant, 'make surface' writes it down\n"
            + string.Join('\n', [.. surface.Except(written).Take(20).Select(line => $"+ {line}"), .. written.Except(surface).Take(20)
                .Select(line => $"- {line}")]));
    }

    [Fact]
    public void What_is_not_public_is_not_part_of_it()
    {
        string[] surface = [.. Surface(typeof(PublicSurfaceTests).Assembly)];
        Assert.Contains("class Retort.Cli.Tests.Architecture.PublicSurfaceTests", surface);
        Assert.Contains("    The_public_surface_is_the_one_that_is_written_down(String project) : Void", surface);
        Assert.DoesNotContain(surface, line => line.Contains("ProjectFiles", StringComparison.Ordinal)
            || line.Contains("Surface(Assembly", StringComparison.Ordinal));
    }

    /// <summary>The types that other assemblies see, each with the members that they see.</summary>
    private static IEnumerable<string> Surface(Assembly library) => library.GetExportedTypes()
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .SelectMany(type => Members(type).Distinct().Order(StringComparer.Ordinal).Select(member => "    " + member)
            .Prepend($"{Kind(type)} {type.FullName}"));

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : typeof(Delegate).IsAssignableFrom(type)
        ? "delegate" : "class";

    private static IEnumerable<string> Members(Type type) =>
    [
        .. type.GetFields(Declared).Where(field => IsSeen(field.Attributes) && !field.IsSpecialName)
            .Select(field => $"{field.Name} : {Name(field.FieldType)}"),
        .. type.GetConstructors(Declared).Where(IsSeen).Select(constructor => $"new({Parameters(constructor)})"),

        // What the compiler adds to records says nothing.
        .. type.GetMethods(Declared).Where(method => IsSeen(method) && !IsAccessor(method)
            && !method.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), false))
            .Select(method => $"{method.Name}({Parameters(method)}) : {Name(method.ReturnType)}"),
        .. type.GetProperties(Declared).Where(property => property.GetMethod is { } get && IsSeen(get))
            .Select(property => $"{property.Name} {{ get;{Setter(property)} }} : {Name(property.PropertyType)}"),
    ];

    private static string Setter(PropertyInfo property) => property.SetMethod is not { } set || !IsSeen(set) ? ""
        : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)) ? " init;"
            : " set;";

    private static bool IsSeen(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}"));

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.HasElementType && type.IsArray ? Name(type.GetElementType()!) + "[]" : type.Name;
}
