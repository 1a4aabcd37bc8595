using Retort.Samples.Detecting;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Retort.Samples.Detecting PUBLISHED_FILE IMAGE ...");
    return 2;
}

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
