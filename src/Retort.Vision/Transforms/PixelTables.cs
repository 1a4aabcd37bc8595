namespace Retort.Vision.Transforms;

/// <summary>What normalisation makes of each value of a byte: (value - mean) * (1 / std). Padding is zero after this, not before.</summary>
internal static class PixelTables
{
    /// <summary>Entries of the table of one channel: the values of a byte.</summary>
    public const int Length = 256;

    /// <summary>
    /// The tables, [3, 256] in the order of the output's channels. Mean and deviation are rounded to single precision, the difference is
    /// taken in single and the product in double precision: the arithmetic of the authors' pipeline, to the last bit.
    /// </summary>
    /// <param name="pipeline">Mean and deviation of each channel.</param>
    public static float[] Of(PipelineOptions pipeline)
    {
        float[] tables = new float[3 * Length];
        for (int i = 0; i < tables.Length; i++)
        {
            (int channel, int value) = (i / Length, i % Length);
            float difference = value - (float)pipeline.Mean[channel];
            tables[i] = (float)(difference * (1.0 / (float)pipeline.Std[channel]));
        }

        return tables;
    }
}
