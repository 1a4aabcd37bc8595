using Retort.Samples.Detecting;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Retort.Samples.Detecting PUBLISHED_FILE PICTURE ...");
    return 2;
}

using var finder = new ObjectFinder(args[0]);
foreach (string picture in args[1..])
{
    Console.WriteLine(picture);
    foreach (string line in finder.Find(picture))
    {
        Console.WriteLine("  " + line);
    }
}

return 0;
