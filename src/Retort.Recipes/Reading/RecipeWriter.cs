using System.Collections;
using System.Globalization;
using Retort.Core.Options;
using Retort.Vision.Transforms;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Retort.Recipes.Reading;

/// <summary>
/// Writes option records as canonical YAML: every option with its value, in the order of declaration, without what is null. Reading the
/// text gives an equal recipe, and equal recipes give equal text.
/// </summary>
internal static class RecipeWriter
{
    /// <summary>A whole record.</summary>
    public static string Write(object options) => Document(emitter => EmitRecord(emitter, options));

    /// <summary>One value as it would stand behind its key.</summary>
    public static string WriteValue(object value) => Document(emitter => EmitValue(emitter, value)).TrimEnd();

    private static string Document(Action<Emitter> emitContent)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false,
            maxSimpleKeyLength: 1024, newLine: "\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        emitContent(emitter);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void EmitRecord(Emitter emitter, object options)
    {
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
        if (OptionKinds.Above(options.GetType()) is { } kinds)
        {
            emitter.Emit(new Scalar(kinds.Key));
            emitter.Emit(new Scalar(kinds.Name(options.GetType())!));
        }

        foreach (OptionProperty property in OptionSchema.Of(options.GetType()))
        {
            if (property.Get(options) is { } value)
            {
                emitter.Emit(new Scalar(property.Key));
                EmitValue(emitter, value);
            }
        }

        emitter.Emit(new MappingEnd());
    }

    private static void EmitValue(Emitter emitter, object value)
    {
        switch (value)
        {
            case string text:
                EmitText(emitter, text);
                break;
            case ImageSize size:
                EmitList(emitter, [size.Width, size.Height]);
                break;
            case IEnumerable items:
                EmitList(emitter, [.. items.Cast<object>()]);
                break;
            case Enum member:
                emitter.Emit(new Scalar(OptionNames.Value(member)));
                break;
            case bool flag:
                emitter.Emit(new Scalar(flag ? "true" : "false"));
                break;
            case IFormattable number:
                emitter.Emit(new Scalar(number.ToString(null, CultureInfo.InvariantCulture)));
                break;
            default:
                EmitRecord(emitter, value);
                break;
        }
    }

    /// <summary>
    /// Quotes what would read back as null, or as more than itself; other text reads back as itself, since the property says that it is
    /// text.
    /// </summary>
    private static void EmitText(Emitter emitter, string text)
    {
        ScalarStyle style = text is "" or "~" or "null" or ListInheritance.Marker ? ScalarStyle.SingleQuoted : ScalarStyle.Any;
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }

    private static void EmitList(Emitter emitter, IReadOnlyList<object> items)
    {
        bool flow = !items.Any(i => OptionSchema.IsOptions(i.GetType()));
        emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, flow ? SequenceStyle.Flow : SequenceStyle.Block));
        foreach (object item in items)
        {
            EmitValue(emitter, item);
        }

        emitter.Emit(new SequenceEnd());
    }
}
