using Retort.Detection.Layers;
using Retort.Distillation;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>Checks that the options of a recipe fit each other; each one's own range was checked when it was bound.</summary>
internal static class RecipeValidation
{
    /// <summary>Checks a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="source">What it was bound from, for the places in messages.</param>
    /// <param name="mustHaveEffect">Of which options one without effect is refused; those of a recipe in a checkpoint no longer matter.</param>
    /// <exception cref="RecipeException">Options do not fit each other.</exception>
    public static void Check(Recipe recipe, RecipeMap source, Predicate<string> mustHaveEffect)
    {
        void Require(bool holds, string key, string message)
        {
            if (!holds)
            {
                throw new RecipeException($"{Place(source, key)}: {message}");
            }
        }

        CheckDataset(recipe.Data, recipe.Data.Train, "data.train", Require);
        if (recipe.Data.Val is { } val)
        {
            CheckDataset(recipe.Data, val, "data.val", Require);
            Require(val.Repeat == 1, "data.val.repeat", $"'data.val.repeat' is {val.Repeat}, but each image is measured once; leave it out");
        }

        string? twice = recipe.Data.Classes.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1)?.Key;
        Require(twice is null, "data.classes", $"the class '{twice}' stands twice in 'data.classes'");
        Require(
            recipe.Data.Format == DataFormat.Dota || recipe.Data.MaximumDifficulty == new DataOptions { Train = recipe.Data.Train }.MaximumDifficulty,
            "data.maximumDifficulty",
            "'data.maximumDifficulty' is for the format dota; other formats have no degrees of difficulty");
        CheckInput(recipe.Input, Require);
        CheckModel(recipe.Model, "model", Require);
        CheckSchedule(recipe.Schedule, Require);
        Require(recipe.Optimizer.Betas.Count == 2, "optimizer.betas", "'optimizer.betas' needs two numbers");
        Require(
            recipe.Distillation.Count == 0 || recipe.Teacher is not null,
            "distillation",
            "'distillation' needs a 'teacher': name its recipe and its weights (teacher: {recipe: teacher.yaml, weights: teacher.pth})");
        TermChecks.Check(recipe, Require);
        RotatedChecks.Check(recipe, Require);
        RecipeEffectChecks.Check(recipe, (holds, key, message) => Require(holds || !mustHaveEffect(key), key, message));
        if (recipe.Teacher is { } teacher)
        {
            CheckModel(teacher.Model, "teacher.model", Require);
            CheckPair(recipe, teacher.Model, Require);
        }
    }

    /// <summary>What the student's recipe must have in common with the recipe that the teacher was trained with.</summary>
    public static void CheckTeacher(Recipe student, Recipe teacher, RecipeMap source)
    {
        string place = Place(source, "teacher");
        if (student.Data.Classes.Count > 0 && teacher.Data.Classes.Count > 0 && !student.Data.Classes.SequenceEqual(teacher.Data.Classes))
        {
            throw new RecipeException($"{place}: the teacher's recipe has the classes [{string.Join(", ", teacher.Data.Classes)}], "
                + $"this one has [{string.Join(", ", student.Data.Classes)}]; both must have the same in the same order");
        }

        if (!student.Input.PreparesAs(teacher.Input))
        {
            throw new RecipeException($"{place}: the teacher's recipe has another 'input.mean', 'input.std' or 'input.colorOrder'; "
                + "teacher and student look at the same image, so both recipes must prepare it alike");
        }
    }

    private static void CheckDataset(DataOptions data, DatasetOptions set, string key, Action<bool, string, string> require)
    {
        bool alone = set is { Root: "", Annotations: null, Images: null, Split: null };
        require(
            set.Union.Count == 0 || alone, $"{key}.union", $"'{key}' has both 'union' and a source of its own (root, annotations, images or split); name that source in the union");
        require(set.Union.Distinct().Count() == set.Union.Count, $"{key}.union", $"'{key}.union' names the same source twice; to see its images more often use '{key}.repeat'");
        for (int k = 0; k < set.Sources.Count; k++)
        {
            CheckSource(data.Format, set.Sources[k], set.Union.Count > 0 ? $"{key}.union.{k}" : key, require);
        }
    }

    private static void CheckSource(DataFormat format, DataSourceOptions source, string key, Action<bool, string, string> require)
    {
        if (format == DataFormat.Coco)
        {
            require(source.Annotations is not null, key, $"'{key}.annotations' is missing: the JSON file of a COCO data set");
            require(source.Images is not null, key, $"'{key}.images' is missing: the folder of the images");
            require(source.Split is null, $"{key}.split", $"'{key}.split' is for the format voc; a COCO data set is split by its JSON files");
        }
        else if (format is DataFormat.Dota or DataFormat.Yolo)
        {
            require(source.Annotations is not null, key, $"'{key}.annotations' is missing: the folder of {(format == DataFormat.Dota ? "DOTA's" : "YOLO's")} label files");
            require(source.Images is not null, key, $"'{key}.images' is missing: the folder of the images");
        }
        else
        {
            require(source.Split is not null, key, $"'{key}.split' is missing: the list in ImageSets/Main, for instance train");
            require(
                source.Annotations is null && source.Images is null,
                key,
                $"'{key}.annotations' and '{key}.images' are for the format coco; a VOC data set has Annotations and JPEGImages below 'data.root'");
        }
    }

    private static void CheckInput(InputOptions input, Action<bool, string, string> require)
    {
        int expected = input.Mode switch { ScaleMode.Single => 1, ScaleMode.Range => 2, _ => Math.Max(1, input.Scales.Count) };
        require(
            input.Scales.Count == expected,
            "input.scales",
            $"'input.mode' is {Names.Value(input.Mode)}, so 'input.scales' needs {expected} size{(expected == 1 ? "" : "s")}, but it has {input.Scales.Count}");
        require(
            input.FlipProbability + input.FlipVerticalProbability + input.FlipDiagonalProbability <= 1,
            "input.flipProbability",
            "'input.flipProbability', 'input.flipVerticalProbability' and 'input.flipDiagonalProbability' add up to more than 1; an image is mirrored in one way at most");
        require(input.Mean.Count == 3, "input.mean", "'input.mean' needs three numbers, one a channel");
        require(input.Std.Count == 3, "input.std", "'input.std' needs three numbers, one a channel");
    }

    private static void CheckModel(ModelOptions model, string key, Action<bool, string, string> require)
    {
        HeadOptions head = model.Head;
        require(
            head.Norm != NormalizationKind.Group || head.Channels % head.NormGroups == 0,
            $"{key}.head",
            $"'{key}.head.channels' is {head.Channels}, which {head.NormGroups} groups do not divide; change it or '{key}.head.normGroups'");
        require(
            head.StackedConvs > 0 || head.Channels == model.Neck.Channels,
            $"{key}.head",
            $"'{key}.head.stackedConvs' is 0, so the head looks at the pyramid itself, but it has {head.Channels} channels and the pyramid {model.Neck.Channels}; "
            + $"give '{key}.head.channels' and '{key}.neck.channels' the same number");
        BackboneChecks.Check(model.Backbone, $"{key}.backbone", require);
        require(model.Priors.Ratios.Count > 0, $"{key}.priors", $"'{key}.priors.ratios' needs at least one number");
        DetectorChecks.Check(model, key, require);
        PriorChecks.Check(model, key, require);
    }

    private static void CheckSchedule(ScheduleOptions schedule, Action<bool, string, string> require)
    {
        bool ascending = schedule.Steps.Zip(schedule.Steps.Skip(1)).All(pair => pair.First < pair.Second);
        require(ascending, "schedule.steps", "'schedule.steps' must ascend");
        bool reached = schedule.Steps.All(s => s < schedule.Epochs);
        require(
            reached,
            "schedule.steps",
            reached ? "" : $"'schedule.steps' is [{string.Join(", ", schedule.Steps)}], which 'schedule.epochs' ({schedule.Epochs}) does not reach; add {ScheduleAdvice.Remedy(schedule)} "
            + "(in a recipe schedule: {steps: [...]}), or change the epochs");
    }

    private static void CheckPair(Recipe recipe, ModelOptions teacher, Action<bool, string, string> require)
    {
        bool features = recipe.Distillation.Any(t => t.Knowledge == Knowledge.Feature);
        require(
            !features || recipe.Adaptation.Type != AdaptationKind.None || teacher.Neck.Channels == recipe.Model.Neck.Channels,
            "distillation",
            $"the teacher's features have {teacher.Neck.Channels} channels and the student's {recipe.Model.Neck.Channels}; let a layer adapt the student's "
            + "('adaptation: {type: conv1x1}' or conv3x3), or give both the same 'neck.channels'");
        bool localization = recipe.Distillation.Any(t => t.Knowledge == Knowledge.Localization);
        require(
            !localization || teacher.Head.RegMax == recipe.Model.Head.RegMax,
            "teacher",
            $"the teacher's box edges have {teacher.Head.RegMax + 1} bins and the student's {recipe.Model.Head.RegMax + 1}; localization can be distilled "
            + "only between equal ones (model.head.regMax)");
        require(
            teacher.Head.BackgroundChannel == recipe.Model.Head.BackgroundChannel,
            "teacher",
            $"the {(teacher.Head.BackgroundChannel ? "teacher" : "student")} has one more class channel, for background, and the "
            + $"{(teacher.Head.BackgroundChannel ? "student" : "teacher")} has not; give both the same 'head.backgroundChannel'");
        PriorChecks.CheckPair(recipe.Model, teacher, require);
    }

    /// <summary>Where the key, or the nearest key above it that was written at all, stands. A number is an item of a list.</summary>
    private static string Place(RecipeMap source, string key)
    {
        RecipeNode node = source;
        RecipeOrigin place = source.Origin;
        foreach (string part in key.Split('.'))
        {
            if (node is RecipeMap map && map.Find(part) is { } entry)
            {
                (node, place) = (entry.Value, entry.KeyOrigin);
            }
            else if (node is RecipeList list && int.TryParse(part, out int item))
            {
                (node, place) = (list.Items[item], list.Items[item].Origin);
            }
            else if (node is not RecipeMap || part != "0")
            {
                // One item may stand for a list of one: then its keys are those of the map that is there.
                break;
            }
        }

        return place.ToString();
    }
}
