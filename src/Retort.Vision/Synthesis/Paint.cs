using System.Numerics;

namespace Retort.Vision.Synthesis;

/// <summary>How a shape is filled: colour, texture, the softness of its edge and how it fades.</summary>
internal sealed class Paint
{
    private readonly Vector3 _colour;
    private readonly Vector3 _second;
    private readonly ValueNoise? _noise;
    private readonly Vector2 _stripe;
    private readonly float _opacity;
    private readonly Vector2 _fade;
    private readonly Vector2 _centre;

    private Paint(Vector2 centre, Vector3 colour, Vector3 second, ValueNoise? noise, Vector2 stripe, float opacity, Vector2 fade,
        float softness)
    {
        (_centre, _colour, _second, _noise, _stripe, _opacity, _fade, Softness) =
            (centre, colour, second, noise, stripe, opacity, fade, softness);
    }

    /// <summary>Half the width of the edge's ramp, pixels.</summary>
    public float Softness { get; }

    /// <summary>A random paint that differs from <paramref name="ground"/> by about <paramref name="contrast"/>.</summary>
    public static Paint Random(SceneRandom random, Vector3 ground, Vector2 centre, float diameter, float contrast, float softness,
        float difficulty)
    {
        Vector3 colour = ground + (Direction(random, ground) * contrast);
        Vector3 second = Vector3.Lerp(colour, ground + (Direction(random, ground) * contrast), random.Range(0.2f, 0.8f));
        int texture = random.Whole(0, 3);
        ValueNoise? noise = texture == 1 ? new ValueNoise(random, random.Range(0.1f, 0.4f) * diameter, 2) : null;
        float turn = random.Range(0f, MathF.Tau);
        Vector2 along = new(MathF.Cos(turn), MathF.Sin(turn));

        // Texture 2 is stripes, 3 a single slow wave, which reads as shading; 0 is plain.
        Vector2 stripe = texture switch
        {
            2 => along * MathF.Tau / MathF.Max(random.Range(0.12f, 0.35f) * diameter, 3f),
            3 => along * MathF.PI / diameter,
            _ => Vector2.Zero,
        };

        // Towards one side the shape dissolves into the ground: there its edge can only be guessed.
        float fadeTurn = random.Range(0f, MathF.Tau);
        float fadeStrength = random.Chance(0.2f + (0.4f * difficulty)) ? random.Range(0.4f, 0.5f + (0.45f * difficulty)) : 0f;
        Vector2 fade = new Vector2(MathF.Cos(fadeTurn), MathF.Sin(fadeTurn)) * (fadeStrength / diameter);
        return new Paint(centre, colour, second, noise, stripe, random.Range(1f - (0.25f * difficulty), 1f), fade, softness);
    }

    /// <summary>A plain black paint that lets the ground through.</summary>
    public static Paint Shadow(Vector2 centre, float opacity, float softness) =>
        new(centre, Vector3.Zero, Vector3.Zero, null, Vector2.Zero, opacity, Vector2.Zero, softness);

    /// <summary>The colour at a point.</summary>
    public Vector3 Colour(Vector2 point)
    {
        if (_noise is not null)
        {
            return Vector3.Lerp(_colour, _second, 0.5f + (0.5f * _noise.At(point.X, point.Y)));
        }

        return _stripe == Vector2.Zero ? _colour
            : Vector3.Lerp(_colour, _second, 0.5f + (0.5f * MathF.Sin(Vector2.Dot(point - _centre, _stripe))));
    }

    /// <summary>How much of the ground is covered at a point of the given signed distance, 0 to 1.</summary>
    public float Cover(Vector2 point, float distance)
    {
        float t = Math.Clamp(0.5f - (0.5f * distance / Softness), 0f, 1f);
        float fade = Math.Clamp(1f - Vector2.Dot(point - _centre, _fade) - (0.5f * _fade.Length()), 0f, 1f);
        return t * t * (3f - (2f * t)) * _opacity * fade;
    }

    // A random direction in colour, away from black or white where the ground is near one of them.
    private static Vector3 Direction(SceneRandom random, Vector3 ground)
    {
        float grey = (ground.X + ground.Y + ground.Z) / 3f;
        float sign = random.Chance(Math.Clamp(grey, 0.1f, 0.9f)) ? -1f : 1f;
        Vector3 tint = new(random.Range(-1f, 1f), random.Range(-1f, 1f), random.Range(-1f, 1f));
        return Vector3.Normalize(new Vector3(sign * 0.8f) + tint);
    }
}
