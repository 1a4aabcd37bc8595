using System.Numerics;
using CsCheck;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Imaging;

public class PngPredictionTests
{
    [Fact]
    public void Several_bytes_at_once_are_predicted_like_single_ones()
    {
        Gen<byte[]> bytes = Gen.Byte.Array[Vector<byte>.Count];
        Gen.Select(bytes, bytes, bytes).Sample((left, above, corner) =>
        {
            for (int type = 0; type < PngFilter.Count; type++)
            {
                Vector<byte> together = PngPrediction.Of(type, new Vector<byte>(left), new Vector<byte>(above), new Vector<byte>(corner));
                for (int i = 0; i < left.Length; i++)
                {
                    Assert.Equal(PngPrediction.Of(type, left[i], above[i], corner[i]), together[i]);
                }
            }
        });
    }
}
