using static System.FormattableString;

namespace Retort.Recipes;

/// <summary>
/// The linear learning-rate rule of the paper (images a step / 16 * 0.01): what a recipe's learning rate comes to with its batch size.
/// </summary>
/// <param name="LearningRate">The rate to train with.</param>
/// <param name="Explanation">One sentence for the person who waits: what was taken and what was inferred from what.</param>
public sealed record LearningRateRule(double LearningRate, string Explanation)
{
    /// <summary>Works out the rate of a recipe.</summary>
    /// <param name="recipe">The recipe; its batch size counts the images of a step over all devices.</param>
    public static LearningRateRule For(Recipe recipe)
    {
        (double given, int images) = (recipe.Optimizer.LearningRate, recipe.Loader.BatchSize);
        if (recipe.Optimizer.BaseBatchSize is not int baseBatch)
        {
            return new LearningRateRule(given, Invariant(
                $"learning rate {given} as the recipe gives it (no optimizer.baseBatchSize, so it does not follow the batch of {images})"));
        }

        double rate = given * images / baseBatch;
        return new LearningRateRule(rate, Invariant(
            $"learning rate {rate} = {given} x {images}/{baseBatch}, inferred from loader.batchSize {images} by the linear rule"));
    }
}
