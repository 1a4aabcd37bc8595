using Retort.Torch;

namespace Retort.Detection.Dense;

/// <summary>One named part of the training objective, already weighted and normalised; the objective is the sum of the parts.</summary>
/// <param name="Name">Name in the log, such as <c>loss_cls</c> or <c>loss_ld_vlr</c>.</param>
/// <param name="Value">Scalar [], with gradient history.</param>
public sealed record LossTerm(string Name, Tensor Value);
