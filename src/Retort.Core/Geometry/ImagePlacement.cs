namespace Retort.Core.Geometry;

/// <summary>Where an image lies in the network's input: its upper left corner is the input's, the rest is padding.</summary>
/// <param name="Height">Height of the resized image, pixels of the input.</param>
/// <param name="Width">Width of the resized image, pixels of the input.</param>
/// <param name="ScaleX">Factor that the original's width was scaled by.</param>
/// <param name="ScaleY">Factor that the original's height was scaled by.</param>
public readonly record struct ImagePlacement(int Height, int Width, float ScaleX = 1, float ScaleY = 1);
