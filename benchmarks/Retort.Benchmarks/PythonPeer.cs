using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Retort.Benchmarks;

/// <summary>A running script of benchmarks/peer, which takes turns with ours (benchmarks/peer/turns.py).</summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly string _script;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private PythonPeer(string script, IEnumerable<string> arguments)
    {
        _script = script;
        _process = Launch([Path.Combine(Checkout.Folder, "benchmarks", "peer", script), .. arguments]);
        _errors = _process.StandardError.ReadToEndAsync();
        Facts = JsonElement.Parse(Answer());
    }

    /// <summary>What the script says of its work before the first turn.</summary>
    public JsonElement Facts { get; }

    /// <summary>Starts a script, or returns null where python3 or a package that the script imports is missing.</summary>
    /// <param name="script">File name in benchmarks/peer.</param>
    /// <param name="module">A package that the script imports.</param>
    /// <param name="arguments">Arguments of the script.</param>
    public static PythonPeer? Start(string script, string module, params IEnumerable<object> arguments) =>
        Has(module) ? new PythonPeer(script, arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)) : null;

    /// <summary>Lets the script do some runs and returns their median seconds.</summary>
    /// <param name="action">Which of the script's actions.</param>
    /// <param name="runs">How often.</param>
    public double Turn(int action, int runs)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{action} {runs}"));
        _process.StandardInput.Flush();
        return double.Parse(Answer(), CultureInfo.InvariantCulture);
    }

    /// <summary>A number that the script can tell of itself, such as <c>memory</c>.</summary>
    public double Read(string name)
    {
        _process.StandardInput.WriteLine($"read {name}");
        _process.StandardInput.Flush();
        return double.Parse(Answer(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        // The end of its input ends the script.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Answer() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException(
        $"{_script} failed: {_errors.Result}");

    private static bool Has(string module)
    {
        try
        {
            using Process process = Launch(["-c", $"import {module}"]);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    // The interpreter can be named, for a virtual environment.
    private static Process Launch(IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo(Environment.GetEnvironmentVariable("RETORT_PYTHON") ?? "python3", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
