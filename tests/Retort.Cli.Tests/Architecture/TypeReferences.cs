using System.Reflection;
using System.Reflection.Emit;

namespace Retort.Cli.Tests.Architecture;

/// <summary>What the compiled types of a library refer to: in signatures, fields, attributes and method bodies.</summary>
internal static class TypeReferences
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>The types that a type refers to. Constants are not among them: the compiler copies their values.</summary>
    public static IEnumerable<Type> Of(Type type) => Named(type).Concat(Members(type).SelectMany(Named)).SelectMany(Parts).Distinct();

    /// <summary>The methods, constructors and fields that the bodies of a type use.</summary>
    public static IEnumerable<MemberInfo> Members(Type type) => Methods(type).SelectMany(Used).Distinct();

    private static IEnumerable<MethodBase> Methods(Type type) => type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All));

    private static IEnumerable<Type> Named(Type type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes,
        .. type.GetInterfaces(),
        .. type.GetGenericArguments().Where(argument => argument.IsGenericParameter)
            .SelectMany(argument => argument.GetGenericParameterConstraints()),
        .. type.GetFields(All).Select(field => field.FieldType),
        .. type.GetCustomAttributesData().Concat(type.GetMembers(All).SelectMany(member => member.GetCustomAttributesData()))
            .Select(attribute => attribute.AttributeType),
        .. Methods(type).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)),
        .. type.GetMethods(All).Select(method => method.ReturnType),
        .. Methods(type).SelectMany(method => method.GetMethodBody() is { } body
            ? body.LocalVariables.Select(local => local.LocalType)
                .Concat(body.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause)
                .Select(c => c.CatchType!))
            : []),
    ];

    private static IEnumerable<Type> Named(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodBase method => [method.DeclaringType!, .. method.IsGenericMethod ? method.GetGenericArguments() : []],
        _ => [],
    };

    /// <summary>The type itself, the type of its elements and its type arguments.</summary>
    private static IEnumerable<Type> Parts(Type type) => type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : type.IsGenericParameter ? []
        : [type];

    private static IEnumerable<MemberInfo> Used(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? typeArguments = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            OpCode operation = s_opCodes[value == 0xFE ? unchecked((short)(0xFE00 | code[at++])) : value];
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
