using System.Numerics;

namespace Retort.Vision.Synthesis;

/// <summary>A picture under work: one linear colour (blue, green, red, about 0 to 1) a pixel.</summary>
internal sealed class Canvas(int width, int height)
{
    private readonly Vector3[] _pixels = new Vector3[width * height];

    /// <summary>Width in pixels.</summary>
    public int Width { get; } = width;

    /// <summary>Height in pixels.</summary>
    public int Height { get; } = height;

    /// <summary>The colour of a pixel.</summary>
    public ref Vector3 this[int x, int y] => ref _pixels[(y * Width) + x];

    /// <summary>The mean colour of a window, clipped to the picture.</summary>
    public Vector3 Mean(int x1, int y1, int x2, int y2)
    {
        Vector3 sum = default;
        int count = 0;
        for (int y = Math.Max(y1, 0); y < Math.Min(y2, Height); y++)
        {
            for (int x = Math.Max(x1, 0); x < Math.Min(x2, Width); x++)
            {
                sum += this[x, y];
                count++;
            }
        }

        return count == 0 ? new Vector3(0.5f) : sum / count;
    }

    /// <summary>Blurs the whole picture with a Gaussian of <paramref name="sigma"/> pixels; the border repeats.</summary>
    public void Blur(float sigma)
    {
        int radius = (int)MathF.Ceiling(2.5f * sigma);
        float[] kernel = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(i => MathF.Exp(-i * i / (2f * sigma * sigma)))];
        float total = kernel.Sum();
        Vector3[] line = new Vector3[Math.Max(Width, Height)];
        for (int y = 0; y < Height; y++)
        {
            BlurLine(kernel, total, line, y * Width, 1, Width);
        }

        for (int x = 0; x < Width; x++)
        {
            BlurLine(kernel, total, line, x, Width, Height);
        }
    }

    /// <summary>
    /// The picture as bytes, [height, width, 3], BGR, with uniform noise of the given amplitude (in 0 to 1) on every channel.
    /// </summary>
    public void Write(Span<byte> bgr, SceneRandom random, float colourNoise, float greyNoise)
    {
        for (int i = 0; i < _pixels.Length; i++)
        {
            // One draw of 64 bits serves the four noises of a pixel.
            ulong bits = random.Next();
            Vector3 noise = new Vector3(Signed(bits), Signed(bits >> 16), Signed(bits >> 32)) * colourNoise;
            Vector3 value = (_pixels[i] + noise + new Vector3(Signed(bits >> 48) * greyNoise)) * 255f;
            value = Vector3.Clamp(value + new Vector3(0.5f), Vector3.Zero, new Vector3(255f));
            bgr[3 * i] = (byte)value.X;
            bgr[(3 * i) + 1] = (byte)value.Y;
            bgr[(3 * i) + 2] = (byte)value.Z;
        }
    }

    private void BlurLine(float[] kernel, float total, Vector3[] line, int start, int step, int count)
    {
        int radius = kernel.Length / 2;
        for (int i = 0; i < count; i++)
        {
            line[i] = _pixels[start + (i * step)];
        }

        for (int i = 0; i < count; i++)
        {
            Vector3 sum = default;
            for (int k = 0; k < kernel.Length; k++)
            {
                sum += kernel[k] * line[Math.Clamp(i + k - radius, 0, count - 1)];
            }

            _pixels[start + (i * step)] = sum / total;
        }
    }

    private static float Signed(ulong bits) => ((bits & 0xFFFF) / 32767.5f) - 1f;
}
