using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Distillation;

/// <summary>
/// Layers that give a student's features the teacher's width before they are compared (the adaptive layer of Zheng et al., Localization
/// Distillation, Eq. 3; Romero et al., FitNets). They are trained with the student and belong to the distillation: the student itself does
/// not have them. Parameters: <c>K.weight</c> and <c>K.bias</c> of the convolution of level K, or of the one for all levels, <c>0</c>.
/// </summary>
public sealed class FeatureAdaptation : Module
{
    private readonly Conv2d[] _layers;

    /// <summary>Makes the layers; the weights start Glorot-uniform, the biases zero.</summary>
    /// <param name="student">Channels of the student's features, finest level first.</param>
    /// <param name="teacher">Channels of the teacher's.</param>
    /// <param name="kernel">Side of the convolutions, odd; 1 for a linear map of each cell.</param>
    /// <param name="shared">One layer for all levels instead of one a level.</param>
    /// <exception cref="KnowledgeMismatchException">There are other numbers of levels, or one layer is to serve levels of different
    /// widths.</exception>
    /// <exception cref="ArgumentException">The kernel is even or not positive.</exception>
    public FeatureAdaptation(IReadOnlyList<int> student, IReadOnlyList<int> teacher, int kernel = 1, bool shared = false)
    {
        if (kernel < 1 || kernel % 2 == 0)
        {
            throw new ArgumentException($"a convolution of side {kernel} does not keep the size of a map; it must be odd", nameof(kernel));
        }

        Compatibility.CheckLevels(student.Count, teacher.Count);
        (int Student, int Teacher)[] widths = [.. student.Zip(teacher)];
        if (shared && widths.Distinct().Count() > 1)
        {
            throw new KnowledgeMismatchException(
                "one adaptation layer cannot serve pyramid levels of different widths; set 'adaptation.shared: false'");
        }

        _layers = [.. widths.Take(shared ? 1 : widths.Length)
            .Select((width, level) => Register($"{level}", Layer(width.Student, width.Teacher, kernel)))];
    }

    /// <summary>The student's features with the teacher's width, float [N, teacher's D, H, W], finest level first.</summary>
    /// <param name="features">Float [N, D, H, W], finest level first.</param>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> features) =>
        [.. features.Select((map, level) => _layers[Math.Min(level, _layers.Length - 1)].Forward(map))];

    private static Conv2d Layer(int student, int teacher, int kernel)
    {
        var layer = new Conv2d(student, teacher, kernel, padding: kernel / 2);
        Initialization.XavierUniform(layer.Weight);
        return layer;
    }
}
