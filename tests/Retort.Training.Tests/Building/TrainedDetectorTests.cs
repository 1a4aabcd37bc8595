using Retort.Detection.Dense;
using Retort.Prediction;
using Retort.Torch;
using Retort.Training.Building;
using Retort.Training.Runs;
using Retort.Training.Tests.Running;
using Retort.Vision.Imaging;

namespace Retort.Training.Tests.Building;

/// <summary>Prediction from a user's own program.</summary>
public sealed class TrainedDetectorTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    [Fact]
    public void Opening_a_detector_and_predicting_leave_the_number_of_threads_as_it_is()
    {
        using var runs = new TinyRuns(data);
        RunFolder run = TinyRuns.Train(runs.Recipe("tiny"), stopAfter: 1);
        int before = Runtime.Threads;
        try
        {
            Runtime.Threads = 1;
            using TrainedDetector trained =
                TrainedDetector.Open(run.LastCheckpoint, ["threads=2", "model.postProcessing.scoreThreshold=0"]);
            using var image = new Image(64, 48);
            Detections found = trained.Predictor.Detect(image);
            Assert.True(found.Count > 0);
            Assert.Equal(found.Count, found.Boxes.Count);
            Assert.Equal(1, Runtime.Threads);
        }
        finally
        {
            Runtime.Threads = before;
        }
    }
}
