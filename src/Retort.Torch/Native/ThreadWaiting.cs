using Retort.Core.Options;

namespace Retort.Torch.Native;

/// <summary>
/// How idle threads of OpenMP wait for the next parallel region. They spin briefly, which keeps the many short regions of a network fast,
/// and then sleep, which leaves a busy machine to others. OpenMP's own choices spin for milliseconds (nothing set), for minutes
/// (<c>OMP_WAIT_POLICY=active</c>) or not at all (<c>passive</c>).
/// </summary>
public sealed record ThreadWaitOptions
{
    /// <summary>
    /// How many times an idle thread looks for work before it sleeps (libgomp's <c>GOMP_SPINCOUNT</c>); 0 sleeps at once, null leaves the
    /// choice to OpenMP.
    /// </summary>
    [Within(0, int.MaxValue)]
    public int? SpinCount { get; init; } = 1000;
}

/// <summary>Who decided how threads wait.</summary>
public enum ThreadWaitSource
{
    /// <summary>Retort, by <see cref="ThreadWaitOptions.SpinCount"/>.</summary>
    Retort,

    /// <summary>The user: a wait setting of OpenMP was in the process environment, and was left alone.</summary>
    Environment,

    /// <summary>OpenMP itself: <see cref="ThreadWaitOptions.SpinCount"/> is null.</summary>
    OpenMp,

    /// <summary>
    /// OpenMP itself: its library was in the process before Retort was used, and reads the environment only when it is loaded.
    /// </summary>
    LoadedEarlier,

    /// <summary>OpenMP itself: libtorch uses another library than GCC's libgomp, or none.</summary>
    OtherLibrary,
}

/// <summary>How threads wait in this process.</summary>
/// <param name="Source">Who decided it.</param>
/// <param name="Setting">The setting in force, such as <c>GOMP_SPINCOUNT=1000</c>; null where OpenMP's own default is.</param>
/// <param name="Libraries">The OpenMP libraries in the process, as paths.</param>
public sealed record ThreadWaitStatus(ThreadWaitSource Source, string? Setting, IReadOnlyList<string> Libraries);
