using Retort.Samples.Detecting;
using Retort.Torch;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Retort.Samples.Detecting PUBLISHED_FILE IMAGE ...");
    return 2;
}

// The number of threads belongs to the program; libtorch may start with one.
Runtime.Threads = Environment.ProcessorCount;
using var finder = new ObjectFinder(args[0]);
foreach (string image in args[1..])
{
    Console.WriteLine(image);
    foreach (string line in finder.Find(image))
    {
        Console.WriteLine("  " + line);
    }
}

return 0;
