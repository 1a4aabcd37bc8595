using System.Globalization;
using Retort.Samples.Extending;
using Retort.Torch;

Runtime.Seed(0);
foreach (double loss in Lesson.Run(steps: 30))
{
    Console.WriteLine(loss.ToString("0.000", CultureInfo.InvariantCulture));
}
