namespace Retort.Vision.Synthesis;

/// <summary>Smooth random ground: values on a lattice, interpolated, several octaves added.</summary>
internal sealed class ValueNoise
{
    private const int Side = 64;

    private readonly float[] _lattice = new float[Side * Side];
    private readonly int _octaves;
    private readonly float _frequency;

    /// <summary>Noise whose largest features are about <paramref name="scale"/> pixels wide.</summary>
    public ValueNoise(SceneRandom random, float scale, int octaves)
    {
        (_frequency, _octaves) = (1f / scale, octaves);
        for (int i = 0; i < _lattice.Length; i++)
        {
            _lattice[i] = random.Range(-1f, 1f);
        }
    }

    /// <summary>The noise at a point, about -1 to 1.</summary>
    public float At(float x, float y)
    {
        float sum = 0f;
        float weight = 0.65f;
        float frequency = _frequency;
        for (int octave = 0; octave < _octaves; octave++)
        {
            sum += weight * Smooth(x * frequency, y * frequency);
            weight *= 0.6f;
            frequency *= 2.1f;
        }

        return sum;
    }

    private float Smooth(float x, float y)
    {
        // The coordinates may be negative: floor, not truncation.
        float fx = MathF.Floor(x);
        float fy = MathF.Floor(y);
        int x0 = (int)fx & (Side - 1);
        int y0 = (int)fy & (Side - 1);
        int x1 = (x0 + 1) & (Side - 1);
        int y1 = (y0 + 1) & (Side - 1);
        float u = Ease(x - fx);
        float top = Mix(_lattice[(y0 * Side) + x0], _lattice[(y0 * Side) + x1], u);
        float bottom = Mix(_lattice[(y1 * Side) + x0], _lattice[(y1 * Side) + x1], u);
        return Mix(top, bottom, Ease(y - fy));
    }

    private static float Ease(float t) => t * t * (3f - (2f * t));

    private static float Mix(float a, float b, float t) => a + ((b - a) * t);
}
