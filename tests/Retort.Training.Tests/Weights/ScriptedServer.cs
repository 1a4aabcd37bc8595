using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Retort.Training.Tests.Weights;

/// <summary>
/// Answers one HTTP request after another on this machine with fixed bytes (without a head: with none), then keeps silent or closes.
/// </summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _answer;
    private readonly bool _close;
    private readonly Task _serving;

    public ScriptedServer(string head, byte[] body, bool close = true)
    {
        (_answer, _close) = (head.Length > 0 ? [.. Encoding.ASCII.GetBytes(head + "\r\n\r\n"), .. body] : [], close);
        _listener.Start();
        _serving = Serve();
    }

    public int Requests { get; private set; }

    public Uri Address(string file) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/models/{file}");

    public void Dispose()
    {
        _stop.Cancel();
        _serving.Wait();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Requests++;
                await ReadRequest(client.GetStream());
                await client.GetStream().WriteAsync(_answer, _stop.Token);
                if (!_close)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the client left in the middle, as it should.
        }
    }

    private async Task ReadRequest(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[1024];
        while (!text.ToString().Contains("\r\n\r\n"))
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, _stop.Token)));
        }
    }
}
