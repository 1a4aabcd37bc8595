using System.ComponentModel;
using System.Diagnostics;
using System.Xml.Linq;

namespace Retort.Training.Weights;

/// <summary>
/// Brings a NuGet package into the machine's package cache by means of the .NET SDK, which knows the feeds, proxies and credentials of the
/// user.
/// </summary>
internal static class PackageRestore
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>Restores a package without its dependencies, and nothing where it is in the cache already.</summary>
    /// <param name="id">The package's id.</param>
    /// <param name="version">Its exact version.</param>
    /// <returns>The package's folder in the cache.</returns>
    /// <exception cref="WeightsException">There is no SDK, or the package cannot be had.</exception>
    public static string Folder(string id, string version)
    {
        string work = Directory.CreateTempSubdirectory("retort-package-").FullName;
        try
        {
            string project = Path.Combine(work, "package.csproj");
            Project(id, version).Save(project);
            Run(work, id, version, "restore", project, "-v", "quiet", "-nologo");
            string cache = Run(work, id, version, "msbuild", project, "-getProperty:NuGetPackageRoot", "-nologo").Trim();
            return Path.Combine(cache, id.ToLowerInvariant(), version);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static XDocument Project(string id, string version) => new(
        new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup", new XElement("TargetFramework", "netstandard2.0"),
                new XElement("DisableImplicitFrameworkReferences", "true")),
            new XElement("ItemGroup", new XElement("PackageDownload", new XAttribute("Include", id),
                new XAttribute("Version", $"[{version}]")))));

    private static string Run(string folder, string id, string version, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("dotnet", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
        }
        catch (Win32Exception e)
        {
            throw new WeightsException(
                $"the NuGet package {id} {version} cannot be restored: there is no .NET SDK ('dotnet' is not on the PATH); {Remedy}", e);
        }

        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_patience))
            {
                process.Kill(entireProcessTree: true);
                throw new WeightsException(
                    $"the NuGet package {id} {version} could not be restored within {s_patience.TotalMinutes:0} minutes; {Remedy}");
            }

            return process.ExitCode == 0
                ? output.Result
                : throw new WeightsException(
                    $"the NuGet package {id} {version} could not be restored ({FirstLine(output.Result + error.Result)}); {Remedy}");
        }
    }

    private const string Remedy =
        "install the .NET SDK and make nuget.org or another feed with this package reachable, or train without pretrained weights "
            + "(own-data/student_scratch, teacher_scratch, ld_scratch)";

    private static string FirstLine(string text) =>
        text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
            ?? "dotnet says nothing about it";
}
