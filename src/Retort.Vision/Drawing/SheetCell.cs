using Retort.Vision.Imaging;

namespace Retort.Vision.Drawing;

/// <summary>An image of a contact sheet and its caption.</summary>
/// <param name="Image">The image; the caller disposes it.</param>
/// <param name="Caption">The text; empty for none. A text that does not fit is cut with an ellipsis.</param>
public sealed record SheetCell(Image Image, string Caption = "");
