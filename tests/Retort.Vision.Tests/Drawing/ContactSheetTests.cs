using Retort.Vision.Drawing;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Drawing;

public sealed class ContactSheetTests
{
    [Fact]
    public void Pictures_stand_in_rows_with_headings_and_captions()
    {
        using Image light = BoxPainterTests.Plain(100, 50, 250);
        using Image dark = BoxPainterTests.Plain(100, 80, 5);
        using Image bare = ContactSheet.Compose([new(light), new(dark), new(light)], 2);
        using Image full = ContactSheet.Compose([new(light, "one"), new(dark, "two"), new(light, "three")], 2, ["left", "right"]);
        Assert.Equal((10 + 110 + 110, 10 + 90 + 60), (bare.Width, bare.Height));
        Assert.Equal((230, 160 + (3 * 26)), (full.Width, full.Height));
        Assert.Equal(250, bare.Row(50)[3 * 60]);
        Assert.Equal(5, bare.Row(15)[3 * 170]);
        Assert.Equal(250, bare.Row(110)[3 * 60]);

        // Light text stands in the heading's rows.
        Assert.Contains(Enumerable.Range(0, 30 * 230), i => full.Row(i / 230)[3 * (i % 230)] > 180);
    }

    [Fact]
    public void A_caption_that_is_too_long_is_cut_at_the_cell()
    {
        using Image dark = BoxPainterTests.Plain(60, 60, 5);
        using Image sheet = ContactSheet.Compose([new(dark, new string('W', 400)), new(dark)], 2);
        Assert.Equal(10 + 70 + 70, sheet.Width);
        Assert.DoesNotContain(Enumerable.Range(0, sheet.Height * 60), i => sheet.Row(i / 60)[3 * (80 + (i % 60))] > 180);
    }

    [Fact]
    public void Headings_must_fit_the_columns()
    {
        using Image dark = BoxPainterTests.Plain(60, 60, 5);
        Assert.Throws<ArgumentException>(() => ContactSheet.Compose([new(dark)], 2, ["one"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContactSheet.Compose([], 2));
    }
}
