using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Transforms;

public class SampleRandomTests
{
    [Fact]
    public void Integers_are_uniform()
    {
        var random = new SampleRandom(5, 0, 0);
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            counts[random.NextInt(-3, 7) + 3]++;
        }

        Assert.All(counts, n => Assert.InRange(n, 9_500, 10_500));
    }

    [Fact]
    public void First_numbers_of_neighbouring_samples_are_uniform()
    {
        double mean = Enumerable.Range(0, 10_000).Average(i => new SampleRandom(0, 0, i).NextDouble());
        Assert.InRange(mean, 0.49, 0.51);
    }

    [Fact]
    public void Shuffling_keeps_the_items_and_moves_them()
    {
        int[] items = [.. Enumerable.Range(0, 100)];
        new SampleRandom(0, 0, 0).Shuffle(items.AsSpan());
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }
}
