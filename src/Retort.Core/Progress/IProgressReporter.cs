namespace Retort.Core.Progress;

/// <summary>Shows how far long work has come. Implemented by programs; libraries only report to it.</summary>
/// <remarks>All members may be called from any thread.</remarks>
public interface IProgressReporter
{
    /// <summary>Starts a task. Disposing of it ends it.</summary>
    /// <param name="what">What is being done, such as <c>downloading resnet50-19c8e357.pth</c>.</param>
    /// <param name="total">How much there is to do; above 0.</param>
    /// <param name="unit">What is counted, in the plural, such as <c>images</c>.</param>
    IProgressTask Start(string what, long total, string unit);
}
