using System.Security.Cryptography;
using System.Text;
using Retort.Training.Weights;

namespace Retort.Training.Tests.Weights;

public sealed class WeightsStoreTests : IDisposable
{
    private const string Name = "torchvision://resnet50";
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(new string('w', 100_000));
    private static readonly string FileName = $"resnet50-{Convert.ToHexStringLower(SHA256.HashData(Content))[..8]}.pth";
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("retort-weights-").FullName, "weights");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, true);

    [Theory]
    [InlineData("some/where/resnet50.pth")]
    [InlineData("C:\\weights\\resnet50.pth")]
    public void A_path_is_taken_as_it_is(string path) =>
        Assert.Equal(path, Store(new Uri("http://127.0.0.1:9/none-00000000.pth")).Resolve(path));

    [Fact]
    public void A_name_is_downloaded_once_and_then_found()
    {
        using var server = new ScriptedServer($"HTTP/1.1 200 OK\r\nContent-Length: {Content.Length}", Content);
        WeightsStore store = Store(server.Address(FileName));
        string path = store.Resolve(Name);
        Assert.Equal(Path.Combine(_folder, FileName), path);
        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal(path, store.Resolve(Name));
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public void Every_published_file_of_a_name_is_taken_from_the_folder()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllBytes(Path.Combine(_folder, FileName), Content);
        var store = new WeightsStore(_folder)
        {
            MayDownload = false,
            Published = _ => [new PublishedFile(new Uri("https://example.org/first-00000000.pth")),
                new PublishedFile(new Uri("https://example.org/" + FileName))],
        };
        Assert.Equal(Path.Combine(_folder, FileName), store.Resolve(Name));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100000", 60_000, "downloaded")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close", 60_000, "SHA-256")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0", 0, "404")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9000000000", 100, "larger")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", 100, "downloaded")]
    [InlineData("nonsense", 0, "downloaded")]
    public void A_bad_answer_is_refused_and_leaves_nothing(string head, int bytes, string said)
    {
        using var server = new ScriptedServer(head, Content[..bytes]);
        RequireRefused(Store(server.Address(FileName)), said);
    }

    [Fact]
    public void Another_content_is_refused_and_leaves_nothing()
    {
        byte[] other = [.. Content.Reverse().Skip(1), (byte)'x'];
        using var server = new ScriptedServer($"HTTP/1.1 200 OK\r\nContent-Length: {other.Length}", other);
        RequireRefused(Store(server.Address(FileName)), "SHA-256");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100000", 500)]
    [InlineData("", 0)]
    public void A_silent_server_is_given_up(string head, int bytes)
    {
        using var server = new ScriptedServer(head, Content[..bytes], close: false);
        RequireRefused(Store(server.Address(FileName)) with { Silence = 0.2 }, "silent");
    }

    [Fact]
    public void Without_a_connection_the_message_says_which_file_to_put_where()
    {
        RequireRefused(Store(new Uri($"http://127.0.0.1:1/models/{FileName}")), "could not be downloaded");
    }

    [Fact]
    public void Offline_nothing_is_asked_of_the_network()
    {
        using var server = new ScriptedServer($"HTTP/1.1 200 OK\r\nContent-Length: {Content.Length}", Content);
        RequireRefused(Store(server.Address(FileName)) with { Offline = true }, "RETORT_OFFLINE");
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public void A_file_that_is_not_what_its_name_says_is_refused_and_stays()
    {
        Directory.CreateDirectory(_folder);
        string path = Path.Combine(_folder, FileName);
        File.WriteAllText(path, "not the weights");
        WeightsException e = Assert.Throws<WeightsException>(() => ((WeightsStore)Store(new Uri($"http://127.0.0.1:1/{FileName}")))
            .Resolve(Name));
        Assert.StartsWith(path, e.Message);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Names_are_known_with_hashes_and_misspelt_ones_are_corrected()
    {
        Assert.All(PublishedWeights.Names, name => Assert.All(PublishedWeights.Find(name), file =>
        {
            Assert.Equal("https", file.Address.Scheme);
            Assert.Equal(8, file.HashPrefix.Length);
        }));
        Assert.Contains("did you mean 'torchvision://resnet50'", Assert.Throws<WeightsException>(
            () => PublishedWeights.Find("torchvision://resnet5")).Message);
        Assert.Equal("gfl_r50-1a2b3c4d.pth", PublishedWeights.Find("https://example.org/a/gfl_r50-1a2b3c4d.pth").Single().Name);
        Assert.Contains("https", Assert.Throws<WeightsException>(() =>
            PublishedWeights.Find("http://example.org/gfl_r50-1a2b3c4d.pth")).Message);
        Assert.Contains("SHA-256", Assert.Throws<WeightsException>(() => PublishedWeights.Find("https://example.org/gfl_r50.pth")).Message);
    }

    private void RequireRefused(Setting setting, string said)
    {
        WeightsException e = Assert.Throws<WeightsException>(() => ((WeightsStore)setting).Resolve(Name));
        Assert.Contains(said, e.Message);
        Assert.Contains(FileName, e.Message);
        Assert.Contains(_folder, e.Message);
        Assert.True(!Directory.Exists(_folder) || !Directory.EnumerateFileSystemEntries(_folder).Any());
    }

    private Setting Store(Uri address) => new(_folder, address);

    private sealed record Setting(string Folder, Uri Address)
    {
        public double Silence { get; init; } = 20;

        public bool Offline { get; init; }

        public static implicit operator WeightsStore(Setting s) => new(s.Folder)
        {
            MayDownload = !s.Offline,
            Download = new WeightsDownload { Silence = TimeSpan.FromSeconds(s.Silence) },
            Published = _ => [new PublishedFile(s.Address)],
        };

        public string Resolve(string weights) => ((WeightsStore)this).Resolve(weights);
    }
}
