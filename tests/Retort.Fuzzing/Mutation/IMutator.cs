namespace Retort.Fuzzing.Mutation;

/// <summary>Makes an input of a seed. Uses nothing but the generator, so equal generators give equal inputs.</summary>
public interface IMutator
{
    byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> seeds, FuzzRandom random);
}
