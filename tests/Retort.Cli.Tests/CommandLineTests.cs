using System.CommandLine;
using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Vision.Datasets;

namespace Retort.Cli.Tests;

public class CommandLineTests
{
    [Fact]
    public void Every_command_explains_itself_with_an_example_that_parses()
    {
        RootCommand root = CommandLine.Root(CapturedTerminal());
        foreach (DocumentedCommand command in Below(root).Cast<DocumentedCommand>())
        {
            Assert.NotEmpty(command.Description!);
            Assert.NotEmpty(command.Examples);
            Assert.All(command.Examples, example =>
            {
                string[] words = example.Split(' ');
                Assert.Equal("retort", words[0]);
                Assert.Empty(root.Parse(words[1..]).Errors);
            });
        }
    }

    [Fact]
    public void A_full_disk_behind_standard_output_is_an_input_error()
    {
        var error = new StringWriter();
        var terminal = new Terminal(new StandardOutput(new FullDisk()), error, 110, new ProgressReporter(error));
        int code = CommandLine.Run(["recipes", "--options"], terminal);
        Assert.Equal(ExitCode.InputError, code);
        Assert.StartsWith("retort: standard output: the file cannot be written (No space left on device)", error.ToString());
    }

    private sealed class FullDisk : StringWriter
    {
        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }

    [Fact]
    public void Every_option_and_argument_is_explained() =>
        Assert.All(Below(CommandLine.Root(CapturedTerminal())), command =>
        {
            Assert.All(command.Options, o => Assert.EndsWith(".", o.Description));
            Assert.All(command.Arguments, a => Assert.EndsWith(".", a.Description));
        });

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    public void Without_a_command_the_commands_are_listed(string arguments)
    {
        CapturedCommand shown = CapturedCommand.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.All(CommandLine.Root(CapturedTerminal()).Subcommands, c => Assert.Contains($"  {c.Name}", shown.Output));
    }

    [Fact]
    public void Help_ends_with_the_examples()
    {
        CapturedCommand shown = CapturedCommand.Run("eval", "--help");
        Assert.Equal(0, shown.Code);
        Assert.EndsWith("\n  retort eval --annotations instances_val2017.json --results detections.json --json metrics.json\n",
            shown.Output);
    }

    [Theory]
    [InlineData("frobnicate", "checkpoint, dataset\n'retort --help' shows how it is used.\n", true)]
    [InlineData("trian x", "retort: there is no command 'trian'; did you mean 'train'?\n'retort --help' shows how it is used.\n", false)]
    [InlineData("synth x", "retort: there is no command 'synth'; did you mean 'dataset synth'?\n'retort --help' shows how it is used.\n",
        false)]
    [InlineData("dataset chekc x",
        "retort: there is no command 'chekc'; did you mean 'check'?\n'retort dataset --help' shows how it is used.\n", false)]
    [InlineData("predict a.ckpt b.jpg --treshold 0.5",
        "retort: there is no option '--treshold'; did you mean '--threshold'?\n'retort predict --help' shows how it is used.\n", false)]
    [InlineData("train r --epochs 3", "retort: there is no option '--epochs'; options of a recipe are changed by --set: --set "
        + "schedule.epochs=3\n'retort train --help' shows how it is used.\n", false)]
    [InlineData("train r --batch-size=8", "retort: there is no option '--batch-size'; options of a recipe are changed by --set: --set "
        + "loader.batchSize=8\n'retort train --help' shows how it is used.\n", false)]
    [InlineData("train r --resmue",
        "retort: there is no option '--resmue'; did you mean '--resume'?\n'retort train --help' shows how it is used.\n", false)]
    [InlineData("eval", "retort: give either a checkpoint, or --annotations and --results; see 'retort eval --help'\n", false)]
    [InlineData("eval --results d.json", "retort: --results needs --annotations, the true boxes; see 'retort eval --help'\n", false)]
    [InlineData("checkpoint show", "'retort checkpoint show --help' shows how it is used.\n", true)]
    public void A_wrong_command_line_ends_with_2_and_names_the_help(string arguments, string expected, bool onlyTheEnd)
    {
        CapturedCommand shown = CapturedCommand.Run(arguments.Split(' '));
        Assert.Equal((2, ""), (shown.Code, shown.Output));
        Assert.Equal(expected, onlyTheEnd ? shown.Error[^Math.Min(expected.Length, shown.Error.Length)..] : shown.Error);
    }

    [Theory]
    [InlineData(typeof(Retort.Core.RetortException), 2)]
    [InlineData(typeof(Retort.Recipes.RecipeException), 2)]
    [InlineData(typeof(Retort.Vision.Datasets.DatasetException), 2)]
    [InlineData(typeof(Retort.Torch.Checkpoints.CheckpointException), 2)]
    [InlineData(typeof(DllNotFoundException), 2)]
    [InlineData(typeof(Retort.Torch.TorchMemoryException), 2)]
    [InlineData(typeof(ArgumentException), 1)]
    [InlineData(typeof(IOException), 1)]
    [InlineData(typeof(InvalidDataException), 1)]
    [InlineData(typeof(UnauthorizedAccessException), 1)]
    [InlineData(typeof(NullReferenceException), 1)]
    [InlineData(typeof(Retort.Torch.TorchException), 1)]
    public void An_exception_is_the_persons_or_ours(Type exception, int code) => Assert.Equal(code, ExitCode.Of(exception));

    [Fact]
    public void What_several_threads_failed_with_is_told_as_one_failure()
    {
        var full = new Retort.Core.RetortException("full");
        Assert.Same(full, Failure.Cause(full));
        Assert.Same(full, Failure.Cause(new AggregateException(new AggregateException(full, new Retort.Core.RetortException("full too")))));
        var ours = new InvalidOperationException("ours");
        Assert.Same(ours, Failure.Cause(new AggregateException(full, new OperationCanceledException(), ours)));
    }

    [Fact]
    public void A_lack_of_memory_is_told_with_what_to_do() => Assert.Matches(
        @"^there is not enough memory \(std::bad_alloc\); .*loader\.batchSize.*input\.scales.*device",
            Failure.Text(new Retort.Torch.TorchMemoryException("std::bad_alloc")));

    [Theory]
    [InlineData("dataset split images --output windows", "--threads 1", "--size")]
    [InlineData("dataset merge found --output task1.zip", "close other programs", "a part of the files")]
    [InlineData("eval --annotations a.json --results b.json", "close other programs", "a part of the files")]
    [InlineData("eval best.ckpt", "loader.batchSize", "input.scales")]
    public void What_to_do_about_a_lack_of_memory_is_what_the_command_can_do(string command, params string[] remedies)
    {
        string text = Failure.Text(new OutOfMemoryException("full"), CommandLine.Root(CapturedTerminal()).Parse(command));
        Assert.All(remedies, remedy => Assert.Contains(remedy, text));
        Assert.Equal(command == "eval best.ckpt", text.Contains("--set", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("train student.yaml", true)]
    [InlineData("dataset split images --output windows", false)]
    [InlineData("eval best.ckpt --annotations labelTxt --images images", false)]
    public void Only_where_there_is_a_recipe_one_is_sent_to_check_it(string command, bool sent)
    {
        var problems = new DatasetProblems();
        Enumerable.Range(1, 7).ToList().ForEach(k => problems.Error(ProblemKind.BrokenFile, $"{k}.txt", "", "broken", "Mend it."));
        DatasetException error = Assert.Throws<DatasetException>(problems.ThrowIfErrors);
        string text = Failure.Text(error, CommandLine.Root(CapturedTerminal()).Parse(command));
        Assert.Contains("1.txt", text);
        Assert.Contains("5.txt", text);
        Assert.Contains("... and 2 more errors", text);
        Assert.Equal(sent, text.EndsWith("'retort dataset check' lists them", StringComparison.Ordinal));
    }

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(c => Below(c).Prepend(c));

    private static Terminal CapturedTerminal() =>
        new(TextWriter.Null, TextWriter.Null, 110, new Retort.Cli.Progress.ProgressReporter(TextWriter.Null));
}
