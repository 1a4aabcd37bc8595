using Retort.Training.Runs;

namespace Retort.Training.Tests.Runs;

public sealed class JsonLinesLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retort-log-").FullName;

    private string LogFile => Path.Combine(_folder, "log.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_has_its_values_in_their_order()
    {
        using (var log = JsonLinesLog.Create(LogFile))
        {
            log.Write("train", 10, ("loss", 1.25), ("rate", 1e-5), ("norm", double.NaN), ("max", double.PositiveInfinity));
            log.Write("eval", 20, ("AP", 0.5));
        }

        Assert.Equal(
            "{\"kind\":\"train\",\"iteration\":10,\"loss\":1.25,\"rate\":1E-05,\"norm\":\"NaN\",\"max\":\"Infinity\"}\n{\"kind\":\"eval\",\"iteration\":20,\"AP\":0.5}\n",
            File.ReadAllText(LogFile));
    }

    [Fact]
    public void A_line_can_be_read_as_soon_as_it_is_written()
    {
        using var log = JsonLinesLog.Create(LogFile);
        log.Write("train", 10, ("loss", 1));
        Assert.Equal(1, JsonLinesLog.Read(LogFile).Single().GetProperty("loss").GetDouble());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"kind\":\"train\",\"iteration\":4")]
    [InlineData("{\"kind\":\"train\",\"iteration\":40}")]
    [InlineData("{\"kind\":\"train\",\"iteration\":\"4\"}")]
    [InlineData("{\"kind\":4,\"iteration\":4}")]
    [InlineData("{\"kind\":\"\\ud800\",\"iteration\":4}")]
    public void Resuming_removes_what_came_after_the_checkpoint(string lastLine)
    {
        using (var log = JsonLinesLog.Create(LogFile))
        {
            foreach (long iteration in new[] { 10, 20, 30 })
            {
                log.Write("train", iteration, ("loss", iteration));
            }
        }

        File.AppendAllText(LogFile, lastLine);
        using (var log = JsonLinesLog.Resume(LogFile, 20))
        {
            log.Write("train", 30, ("loss", 3));
        }

        Assert.Equal([10, 20, 3], JsonLinesLog.Read(LogFile).Select(l => l.GetProperty("loss").GetDouble()));
    }

    [Fact]
    public void Resuming_can_tell_kinds_apart()
    {
        using (var log = JsonLinesLog.Create(LogFile))
        {
            log.Write("train", 10, ("loss", 1));
            log.Write("evaluation", 10, ("AP", 0.5));
        }

        JsonLinesLog.Resume(LogFile, (kind, iteration) => kind == "train" && iteration == 10).Dispose();
        Assert.Equal("train", JsonLinesLog.Read(LogFile).Single().GetProperty("kind").GetString());
    }

    [Fact]
    public void A_new_log_replaces_the_old_and_a_missing_one_can_be_resumed()
    {
        File.WriteAllText(LogFile, "old\n");
        JsonLinesLog.Create(LogFile).Dispose();
        Assert.Empty(File.ReadAllText(LogFile));
        File.Delete(LogFile);
        JsonLinesLog.Resume(LogFile, 5).Dispose();
        Assert.Empty(File.ReadAllText(LogFile));
    }
}
