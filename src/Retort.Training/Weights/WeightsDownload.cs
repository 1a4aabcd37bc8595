using System.Net.Http.Headers;
using System.Security.Cryptography;
using Retort.Core;
using Retort.Core.Files;
using Retort.Core.Progress;

namespace Retort.Training.Weights;

/// <summary>
/// Downloads a published file: into a temporary file beside its place, which it takes only when complete and of the right hash.
/// </summary>
public sealed record WeightsDownload
{
    private const int BufferBytes = 1 << 16;
    private const long BytesPerMegabyte = 1_000_000;

    /// <summary>The longest time without any byte, including that to connect.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes that are taken; the largest backbone of the field has a tenth.</summary>
    public long MaximumBytes { get; init; } = 4_000_000_000;

    /// <summary>Downloads a file.</summary>
    /// <param name="file">What and from where.</param>
    /// <param name="path">Its place; the folder exists.</param>
    /// <param name="progress">Shows how far it is.</param>
    /// <exception cref="HttpRequestException">There is no connection, or the server refuses.</exception>
    /// <exception cref="OperationCanceledException">The server is silent.</exception>
    /// <exception cref="RetortException">The transfer broke off, is too large, has the wrong content, or cannot be written.</exception>
    public void Fetch(PublishedFile file, string path, IProgressReporter progress)
    {
        // Redirections from https to http are not followed by this handler.
        using var handler = new SocketsHttpHandler { ConnectTimeout = Silence };
        using var client = new HttpClient(handler) { Timeout = Silence };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("retort", null));
        using var request = new HttpRequestMessage(HttpMethod.Get, file.Address);
        using HttpResponseMessage response = client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        long? total = response.Content.Headers.ContentLength;
        RequireSize(total ?? 0);
        using Stream body = response.Content.ReadAsStream();
        using IProgressTask task = progress.Start($"downloading {file.Name}", Math.Max(1, (total ?? 0) / BytesPerMegabyte), "MB");
        AtomicFile.Write(path, target => Copy(file, body, target, task));
    }

    private void Copy(PublishedFile file, Stream body, Stream target, IProgressTask task)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long done = 0, shown = 0;
        while (Read(body, buffer) is > 0 and int count)
        {
            done += count;
            RequireSize(done);
            hash.AppendData(buffer, 0, count);
            target.Write(buffer, 0, count);
            if (done / BytesPerMegabyte > shown)
            {
                task.Advance((done / BytesPerMegabyte) - shown);
                shown = done / BytesPerMegabyte;
            }
        }

        WeightsStore.RequireHash(file, Convert.ToHexStringLower(hash.GetHashAndReset()), "", "nothing was kept of it");
    }

    private int Read(Stream body, byte[] buffer)
    {
        using var silence = new CancellationTokenSource(Silence);
        return body.ReadAsync(buffer, silence.Token).AsTask().GetAwaiter().GetResult();
    }

    private void RequireSize(long bytes)
    {
        if (bytes > MaximumBytes)
        {
            throw new RetortException($"it is larger than {MaximumBytes} bytes");
        }
    }
}
