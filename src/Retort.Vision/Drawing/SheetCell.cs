using Retort.Vision.Imaging;

namespace Retort.Vision.Drawing;

/// <summary>A picture of a contact sheet with the line of text under it.</summary>
/// <param name="Picture">The picture; it stays the caller's.</param>
/// <param name="Caption">The text; empty for none. A text that is too long is cut with an ellipsis.</param>
public sealed record SheetCell(Image Picture, string Caption = "");
