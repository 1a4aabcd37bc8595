using Retort.Core;
using Retort.Recipes;

namespace Retort.Training.Tests.Recipes;

public sealed class RecipeErrorTests : IDisposable
{
    private const string Retina = "model: {detector: retina, priors: {ratios: [1, 2]}}\n";
    private readonly RecipeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("optimzer: {}", "recipe.yaml:2: unknown key 'optimzer'; did you mean 'optimizer'?")]
    [InlineData("\noptimizer:\n  learning_rate: 1", "recipe.yaml:4: unknown key 'optimizer.learning_rate'; did you mean 'learningRate'?")]
    [InlineData("inclde: x.yaml", "unknown key 'inclde'; did you mean 'include'?")]
    [InlineData("teacher: {recipie: x.yaml, model: {}, weights: w}", "unknown key 'teacher.recipie'; did you mean 'recipe'?")]
    [InlineData("log: {xyzzyxyzzy: 1}", "unknown key 'log.xyzzyxyzzy'; known here: interval, checkpointInterval")]
    [InlineData("schedule: {epochs: many}", "recipe.yaml:2: 'schedule.epochs' needs a whole number, but 'many' stands there")]
    [InlineData("schedule: {epochs: 1.5}", "'schedule.epochs' needs a whole number, but '1.5' stands there")]
    [InlineData("schedule: {epochs: '12'}", "'schedule.epochs' needs a whole number")]
    [InlineData("schedule: {epochs: 0}", "'schedule.epochs' is 0, but it must be from 1 to 10000")]
    [InlineData("schedule: {epochs: }", "'schedule.epochs' needs a whole number, but nothing stands there")]
    [InlineData("schedule: [8]", "recipe.yaml:2: 'schedule' needs a map of keys, but a list stands there")]
    [InlineData("schedule: {steps: 8}", "'schedule.steps' needs a list, such as [8, 11], but '8' stands there")]
    [InlineData("schedule: {steps: [1, -1]}", "'schedule.steps.1' is -1, but it must be from 1 to 10000")]
    [InlineData("ema: {enabled: yes}", "'ema.enabled' needs true or false, but 'yes' stands there")]
    [InlineData("optimizer: {learningRate: .inf}", "'optimizer.learningRate' needs a number")]
    [InlineData("optimizer: {gradientClip: 0}", "'optimizer.gradientClip' is 0, but it must be above 0 and at most 1000000")]
    [InlineData("model: {backbone: {depth: 20}}", "'model.backbone.depth' is 20, but it must be one of 18, 34, 50, 101")]
    [InlineData("model: {losses: {box: {type: gious}}}",
        "'model.losses.box.type' cannot be 'gious'; it is one of iou, giou, diou, ciou (did you mean 'giou'?)")]
    [InlineData("model: {losses: {box: {type: gwd}}}", "'model.losses.box.type' cannot be 'gwd'; it is one of iou, giou, diou, ciou")]
    [InlineData("model: {head: {regMax: 0}}", "'model.head.regMax' is 0, but it must be from 1 to 128")]
    [InlineData("model: {detector: rotated-retina, head: {angleRange: [2, -5]}}",
        "'model.head.angleRange' needs two numbers, the smaller one first")]
    [InlineData("model: {detector: rotated-retina, head: {edgeSwap: true}}",
        "'model.head.edgeSwap' is for 'model.head.angles' le90 or le135")]
    [InlineData("model: {head: {normFactor: 1}}",
        "'model.head.normFactor' is for the detector rotated-retina, and 'model.detector' is gfl; leave it out, or change that")]
    [InlineData("adaptation: {type: conv2x2}",
        "'adaptation.type' cannot be 'conv2x2'; it is one of none, conv1x1, conv3x3 (did you mean 'conv1x1'?)")]
    [InlineData("adaption: {type: conv1x1}", "unknown key 'adaption'; did you mean 'adaptation'?")]
    [InlineData("distillation: [{knowledge: boxs}]",
        "'distillation.0.knowledge' cannot be 'boxs'; it is one of localization, classification, feature, boxes (did you mean 'boxes'?)")]
    [InlineData("distillation: [{divergence: teacher-bounded}]",
        "'distillation.0.divergence' cannot be 'teacher-bounded'; it is one of kl, mse, l2, teacher-bounded-regression")]
    [InlineData("distillation: [{margin: -1}]", "'distillation.0.margin' is -1, but it must be from 0 to 1000")]
    [InlineData("input: {scales: [[320]]}", "'input.scales.0' needs [width, height] in pixels")]
    [InlineData("input: {scales: [[320, 0]]}", "'input.scales.0' is 320x0, but it must be from 1 to 16384")]
    [InlineData("seed: 1\nseed: 2", "recipe.yaml:3: the key 'seed' stands here a second time (first in line 2)")]
    [InlineData("seed: ]", "recipe.yaml:2: not valid YAML")]
    [InlineData("model:\n  neck: {channel{: 128}\n  head: {channels: 128}", "recipe.yaml:4: not valid YAML: look for a brace")]
    [InlineData("seed: &a 1", "recipe.yaml:2: recipes do not use YAML anchors, aliases or tags")]
    [InlineData("seed: !!int 1", "recipe.yaml:2: recipes do not use YAML anchors, aliases or tags")]
    [InlineData("---\nseed: 1", "there is a second YAML document here")]
    public void A_mistake_is_named_with_its_place_and_remedy(string text, string expected) =>
        Assert.Contains(expected, _folder.Refusal(text));

    [Theory]
    [InlineData("schedule: {epochs: 8}", "recipe.yaml:2: 'schedule.steps' is [8, 11], which 'schedule.epochs' (8) does not reach; add "
        + "--set schedule.steps=[5,7] (in a recipe schedule: {steps: [...]})")]
    [InlineData("schedule: {steps: [3, 2]}", "'schedule.steps' must ascend")]
    [InlineData("input: {mode: range}", "'input.mode' is range, so 'input.scales' needs 2 sizes, but it has 1")]
    [InlineData("input: {mean: [1, 2]}", "'input.mean' needs three numbers")]
    [InlineData("model:\n  head: {channels: 100}", "recipe.yaml:3: 'model.head.channels' is 100, which 32 groups do not divide")]
    [InlineData("model: {priors: {scalesPerOctave: 3}}", "the detector gfl has one anchor a cell, but 'model.priors' makes 3")]
    [InlineData(
        "model:\n  detector: atss\n  losses:\n    distribution: {weight: 0}",
        "recipe.yaml:5: 'model.losses.distribution' is for the detectors gfl and gflv2, and 'model.detector' is atss; leave it out, or "
            + "change that")]
    [InlineData("model: {losses: {classification: {type: focal}}}",
        "recipe.yaml:2: unknown key 'model.losses.classification.type'; known here: beta, weight")]
    [InlineData("model: {detector: yolo}",
        "recipe.yaml:2: 'model.detector' cannot be 'yolo'; it is one of gfl, gflv2, atss, fcos, retina, rotated-retina")]
    [InlineData("model: {detector: }",
        "recipe.yaml:2: 'model.detector' needs one of gfl, gflv2, atss, fcos, retina, rotated-retina, but nothing stands there")]
    [InlineData("model: {head: {backgroundChannel: true}}",
        "'model.head.backgroundChannel' is for the detector gflv2, and 'model.detector' is gfl")]
    [InlineData("model: {detector: gflv2, head: {regMax: 4, quality: {topK: 6}}}",
        "'model.head.quality.topK' is 6, but an edge has 5 bins")]
    [InlineData(
        "model: {detector: gflv2}\nteacher: {model: {detector: gflv2, head: {backgroundChannel: true}}, weights: w}",
        "recipe.yaml:3: the teacher has one more class channel, for background, and the student has not; give both the same "
            + "'head.backgroundChannel'")]
    [InlineData("distillation: [{knowledge: localization}]", "recipe.yaml:2: 'distillation' needs a 'teacher'")]
    [InlineData("teacher: {model: {}}", "recipe.yaml:2: 'teacher.weights' is missing")]
    [InlineData("teacher: {recipe: nowhere.yaml, weights: w}", "recipe.yaml:2: there is no recipe 'nowhere.yaml'")]
    [InlineData("teacher: {model: {head: {regMax: 8}}, weights: w}\ndistillation: [{}]",
        "recipe.yaml:2: the teacher's box edges have 9 bins and the student's 17")]
    [InlineData("teacher: {model: {neck: {channels: 128}}, weights: w}\ndistillation: [{knowledge: feature}]",
        "recipe.yaml:3: the teacher's features have 128 channels and the student's 256; let a layer adapt the student's ('adaptation: "
        + "{type: conv1x1}' or conv3x3)")]
    [InlineData("teacher: {model: {}, weights: w}\nadaptation: {type: conv1x1}\ndistillation: [{}]",
        "recipe.yaml:3: 'adaptation' adapts the student's features, but no term of 'distillation' has knowledge feature")]
    [InlineData("teacher: {model: {}, weights: w}\ndistillation: [{}, {knowledge: boxes}]",
        "recipe.yaml:3: 'distillation.1' has knowledge boxes and divergence kl; boxes are taught by teacher-bounded-regression, and by "
        + "nothing else")]
    [InlineData("teacher: {model: {}, weights: w}\ndistillation: [{divergence: teacher-bounded-regression}]",
        "'distillation.0' has knowledge localization and divergence teacher-bounded-regression")]
    [InlineData("teacher: {model: {}, weights: w}\ndistillation: [{knowledge: boxes, divergence: teacher-bounded-regression, region: "
        + "valuable-localization}]", "'distillation.0' teaches boxes in the region valuable-localization; only the positives")]
    [InlineData("model:\n  assigner: {type: fcos}", "recipe.yaml:3: 'model.assigner.type' is fcos, which assigns objects to points, but "
        + "'model.priors.type' is anchors; change one of them, or include the base recipe fcos.yaml")]
    [InlineData("model: {priors: {type: points}}",
        "'model.assigner.type' is atss, which assigns objects to anchors, but 'model.priors.type' is points")]
    [InlineData("model: {assigner: {type: fcos}, priors: {type: points, ratios: [1, 2]}, detector: retina}",
        "'model.priors.ratios' is for the type anchors, and 'model.priors.type' is points")]
    [InlineData("model: {assigner: {type: fcos}, priors: {type: points, allowedBorder: 0}, detector: fcos}",
        "'model.priors.allowedBorder' is for the type anchors")]
    [InlineData("model: {assigner: {type: max-iou, positiveIou: 0.3}}",
        "'model.assigner.negativeIou' is 0.4, above 'model.assigner.positiveIou' (0.3)")]
    [InlineData("teacher: {model: {neck: {levels: 4}}, weights: w}",
        "recipe.yaml:2: teacher and student need the same pyramid, but the teacher's has 4 levels and the student's 5")]
    [InlineData(
        "teacher: {model: {detector: retina, priors: {scalesPerOctave: 3}}, weights: w}",
        "recipe.yaml:2: teacher and student need the same anchors, but the teacher has 3 a cell and the student 1")]
    [InlineData(
        "teacher: {model: {detector: fcos, priors: {type: points}, assigner: {type: fcos}}, weights: w}",
        "the teacher's boxes are decoded from points and the student's from anchors, which stand half a cell apart")]
    [InlineData("model:\n  backbone:\n    type: resnext\n    depth: 18",
        "recipe.yaml:5: 'model.backbone.depth' is 18, but it must be one of 50, 101")]
    [InlineData("model:\n  backbone:\n    deformable:\n      groups: 3", "recipe.yaml:5: 'model.backbone.deformable.groups': the 3 "
        + "groups of deformable convolutions do not divide the 128 channels of stage 2; take a number")]
    [InlineData("model:\n  backbone:\n    deformable: {stages: []}",
        "recipe.yaml:4: 'model.backbone.deformable.stages' is [], but it needs at least one stage and none twice")]
    [InlineData("model: {backbone: {deformable: {stages: [2, 2]}}}",
        "recipe.yaml:2: 'model.backbone.deformable.stages' is [2, 2], but it needs at least one stage and none twice")]
    [InlineData("model: {backbone: {width: 2}}", "recipe.yaml:2: 'model.backbone.width' is 2, but it must be from 0.125 to 1")]
    [InlineData("model: {backbone: {width: 0.3}}", "recipe.yaml:2: 'model.backbone.width' is 0.3, but it must be a multiple of 1/64")]
    [InlineData("model:\n  head: {stackedConvs: 0, channels: 64}", "recipe.yaml:3: 'model.head.stackedConvs' is 0, so the head looks at "
        + "the pyramid itself, but it has 64 channels and the pyramid 256")]
    [InlineData("optimizer: {momentum: 1}", "'optimizer.momentum' is 1, but it must be at least 0 and below 1")]
    [InlineData("optimizer: {type: adamw, betas: [0.9, 1]}", "'optimizer.betas.1' is 1, but it must be at least 0 and below 1")]
    [InlineData(Retina + "teacher: {model: {detector: retina, priors: {octaveBaseScale: 4, ratios: [1, 2]}}, weights: w}",
        "the boxes of the detector retina are decoded from its anchors, and the teacher has others than the student")]
    [InlineData(Retina + "teacher: {model: {detector: retina, priors: {ratios: [2, 1]}}, weights: w}",
        "give both the same 'priors.octaveBaseScale', 'priors.scalesPerOctave' and 'priors.ratios', in the same order")]
    [InlineData("model: {backbone: {norm: none}}", "recipe.yaml:2: 'model.backbone.norm' is batch or group")]
    [InlineData("teacher:\n  model: {backbone: {type: res2net, depth: 34}}\n  weights: w",
        "recipe.yaml:3: 'teacher.model.backbone.depth' is 34, but it must be one of 50, 101")]
    public void Options_that_do_not_fit_each_other_are_refused(string text, string expected) =>
        Assert.Contains(expected, _folder.Refusal(text));

    [Theory]
    [InlineData("{gamma: 0.5}",
        "gamma' is for the region valuable-localization, and 'distillation.1.region' is main; leave it out, or change that")]
    [InlineData("{overlap: diou}", "overlap' is for the region valuable-localization")]
    [InlineData("{threshold: assigner}", "threshold' is for the region valuable-localization")]
    [InlineData("{excludePositives: true}", "excludePositives' is for the region valuable-localization")]
    [InlineData("{instances: reference}", "instances' is for the region general-instances")]
    [InlineData("{divergence: mse, temperature: 2}", "temperature' is for the divergence kl")]
    [InlineData("{knowledge: feature, divergence: mse, bins: sum}", "bins' is for the divergence kl")]
    [InlineData("{divergence: mse, edges: joint}", "edges' is for the divergence kl and the knowledge localization")]
    [InlineData("{knowledge: classification, edges: joint}", "edges' is for the divergence kl and the knowledge localization")]
    [InlineData("{margin: 0.2}", "margin' is for the divergence teacher-bounded-regression")]
    public void An_option_that_a_term_does_not_look_at_is_refused(string term, string expected)
    {
        const string Taught = "teacher: {model: {}, weights: w}\ndistillation:\n  - {}\n  - ";
        Assert.Contains($"recipe.yaml:5: 'distillation.1.{expected}", _folder.Refusal(Taught + term));

        // Its default may stand there, as in a recipe that is written out.
        Recipe recipe = _folder.Load(Taught + "{divergence: mse, gamma: 0.25, temperature: 10, margin: 0.1, edges: separate, bins: mean, "
            + "overlap: reference}");
        Assert.Equal(recipe.Distillation, Recipe.Parse(recipe.ToYaml(), "text").Distillation);
    }

    [Theory]
    [InlineData("model: {losses: {centerness: {weight: 5}}}",
        "'model.losses.centerness' is for the detectors atss and fcos, and 'model.detector' is gfl; leave it out, or change that")]
    [InlineData("model: {losses: {classification: {gamma: 3}}}",
        "'model.losses.classification.gamma' is for the detectors atss, fcos, retina and rotated-retina, and 'model.detector' is gfl")]
    [InlineData("model: {losses: {box: {beta: 1}}}",
        "'model.losses.box.beta' is for the detector rotated-retina, and 'model.detector' is gfl")]
    [InlineData("model: {detector: rotated-retina, losses: {box: {type: gwd, form: exp}}}",
        "'model.losses.box.form' is for the type kf-iou, and 'model.losses.box.type' is gwd")]
    [InlineData("model: {losses: {box: {divisor: level-positives}}}", "'model.losses.box.divisor' is for the detector rotated-retina")]
    [InlineData("model:\n  head: {sideRange: [-1, 1]}", "recipe.yaml:3: 'model.head.sideRange' is for the detector rotated-retina")]
    [InlineData("model: {head: {angles: le90}}", "'model.head.angles' is for the detector rotated-retina")]
    [InlineData("model: {head: {quality: {topK: 3}}}", "'model.head.quality' is for the detector gflv2")]
    [InlineData("model: {assigner: {positiveIou: 0.6}}",
        "'model.assigner.positiveIou' is for the type max-iou, and 'model.assigner.type' is atss")]
    [InlineData("model: {assigner: {reach: 4}}", "'model.assigner.reach' is for the type fcos")]
    [InlineData(
        "model: {detector: fcos, priors: {type: points}, assigner: {type: fcos, ignoredIof: 0.5}}",
        "'model.assigner.ignoredIof' is for the types atss and max-iou, and 'model.assigner.type' is fcos")]
    [InlineData("model: {postProcessing: {nms: {minScore: 0.1}}}",
        "'model.postProcessing.nms.minScore' is for the type soft-nms, and 'model.postProcessing.nms.type' is nms")]
    [InlineData("model: {postProcessing: {nms: {type: soft-nms, sigma: 0.1}}}",
        "'model.postProcessing.nms.sigma' is for the decay gaussian, and 'model.postProcessing.nms.decay' is linear; leave it out, or "
        + "change that")]
    [InlineData("model: {postProcessing: {nms: {voteThreshold: 0.1}}}",
        "'model.postProcessing.nms.voteThreshold' is for the type score-voting-cluster-diou")]
    [InlineData("model: {backbone: {groups: 8}}", "'model.backbone.groups' is for the type resnext, and 'model.backbone.type' is resnet")]
    [InlineData("model: {backbone: {scales: 8}}", "'model.backbone.scales' is for the type res2net")]
    [InlineData("model: {backbone: {baseWidth: 8}}", "'model.backbone.baseWidth' is for the types resnext and res2net")]
    [InlineData("input: {rotatedCentres: reference}", "'input.rotatedCentres' is for rotated boxes")]
    [InlineData("optimizer: {type: adamw, momentum: 0.8}", "'optimizer.momentum' is for the type sgd, and 'optimizer.type' is adamw")]
    [InlineData("optimizer: {betas: [0.5, 0.9]}", "'optimizer.betas' is for the type adamw")]
    public void An_option_of_a_choice_that_was_not_made_is_refused(string text, string expected) =>
        Assert.Contains(expected, _folder.Refusal(text));

    [Fact]
    public void Options_without_effect_do_not_close_a_checkpoint()
    {
        Recipe recipe = _folder.Load("teacher: {model: {}, weights: w}\ndistillation: [{}]\n");
        recipe = recipe with { Distillation = [recipe.Distillation[0] with { Margin = 0.5 }] };
        Assert.Equal(0.5, Recipe.Parse(recipe.ToYaml(), "checkpoint").Distillation[0].Margin);
        const string Unused = "model.postProcessing.nms={type: soft-nms, sigma: 0.1}";
        Assert.Contains("'model.postProcessing.nms.sigma' is for the decay gaussian",
            Assert.Throws<RecipeException>(() => Recipe.Parse(recipe.ToYaml(), "checkpoint", [Unused])).Message);
    }

    [Fact]
    public void A_single_term_and_an_override_are_named_too()
    {
        const string One = "teacher: {model: {}, weights: w}\ndistillation:\n  margin: 0.2\n";
        Assert.Contains("recipe.yaml:4: 'distillation.0.margin' is for", _folder.Refusal(One));
        Assert.Contains("--set distillation.0.margin=0.2: 'distillation.0.margin' is for",
            _folder.Refusal("teacher: {model: {}, weights: w}\ndistillation: [{}]\n", "distillation.0.margin=0.2"));
    }

    [Fact]
    public void Keys_and_references_that_are_nested_without_end_are_refused()
    {
        string keys = string.Join('.', Enumerable.Repeat("a", 5000));
        Assert.Contains("5000 keys deep", _folder.Refusal("", $"{keys}=1"));
        string references = string.Concat(Enumerable.Repeat("${RETORT_UNSET:-", 5000)) + "x" + new string('}', 5000);
        Assert.Contains("nested deeper than 32", _folder.Refusal($"output: \"{references}\"\n"));
    }

    [Theory]
    [InlineData("schedule.epochs=no", "--set schedule.epochs=no: 'schedule.epochs' needs a whole number")]
    [InlineData("schedule.epoch=2", "--set schedule.epoch=2: unknown key 'schedule.epoch'; did you mean 'epochs'?")]
    [InlineData("schedule", "--set schedule: write --set key.path=value")]
    [InlineData("=3", "write --set key.path=value")]
    [InlineData("schedule..epochs=3", "write --set key.path=value")]
    [InlineData("schedule.steps.2=3", "'2' is not an item of a list of 2; items count from 0")]
    [InlineData("seed.x=3", "--set seed.x=3: 'seed' needs a whole number, but a map of keys stands there")]
    public void A_bad_override_is_named(string assignment, string expected) =>
        Assert.Contains(expected, _folder.Refusal("schedule: {steps: [1, 2]}\nseed: 1\n", assignment));

    [Theory]
    [InlineData("data.val={annotations: a, images: i, repeat: 2}", "'data.val.repeat' is 2, but each image is measured once")]
    [InlineData("data.angles=le90", "'data.angles' is for rotated boxes, and 'model.detector' is gfl")]
    [InlineData("data.train={union: [{annotations: a, images: i}]}", "'data.train' has both 'union' and a source of its own")]
    [InlineData("data.val={union: [{annotations: a, images: i}, {annotations: a, images: i}]}",
        "'data.val.union' names the same source twice")]
    [InlineData("data.val={union: [{annotations: a, images: i}, {root: x, images: i}]}", "'data.val.union.1.annotations' is missing")]
    [InlineData("data.val={union: [{split: test}]}", "'data.val.union.0.annotations' is missing")]
    [InlineData("data.val={union: [{splt: test}]}", "unknown key 'data.val.union.0.splt'; did you mean 'split'?")]
    [InlineData("data.maximumDifficulty=1", "'data.maximumDifficulty' is for the format dota")]
    public void Data_that_cannot_be_are_refused(string assignment, string expected) =>
        Assert.Contains(expected, _folder.Refusal("", assignment));

    [Fact]
    public void A_recipe_without_data_is_refused() =>
        Assert.Contains("'data' is missing", Assert.Throws<RecipeException>(
            () => Recipe.Load(_folder.Write("x.yaml", "seed: 1\n"))).Message);

    [Fact]
    public void A_missing_file_is_reported_as_such() =>
        Assert.Throws<RetortException>(() => Recipe.Load(Path.Combine(_folder.Path, "nothing.yaml")));

    [Fact]
    public void A_missing_inclusion_names_the_file_that_wanted_it() =>
        Assert.Contains("recipe.yaml:2: there is no file 'gone.yaml' to include", _folder.Refusal("include: gone.yaml\n"));

    [Fact]
    public void Inclusion_in_a_circle_is_refused()
    {
        _folder.Write("a.yaml", "include: b.yaml\n");
        _folder.Write("b.yaml", "include: recipe.yaml\n");
        Assert.Matches(@"'recipe\.yaml' includes itself: \S*recipe\.yaml -> \S*a\.yaml -> \S*b\.yaml -> \S*recipe\.yaml",
            _folder.Refusal("include: a.yaml\n"));
    }

    [Fact]
    public void Deep_nesting_is_refused() => Assert.Contains("nested deeper than", _folder.Refusal("seed: " + new string('[', 5000)));

    [Fact]
    public void The_line_of_an_included_mistake_is_that_of_its_file()
    {
        _folder.Write("base.yaml", "# a comment\n\nsede: 4\n");
        Assert.Contains("base.yaml:3: unknown key 'sede'; did you mean 'seed'?", _folder.Refusal("include: base.yaml\n"));
    }

    [Theory]
    [InlineData("data: {classes: [a, b]}\n", "the teacher's recipe has the classes [a, b], this one has [b, a]")]
    [InlineData("input: {colorOrder: bgr}\n", "the teacher's recipe has another 'input.mean', 'input.std' or 'input.colorOrder'")]
    public void A_teacher_of_another_recipe_must_fit(string teacher, string expected)
    {
        _folder.Write("minimal.yaml", RecipeFolder.Minimal);
        _folder.Write("teacher.yaml", "include: minimal.yaml\n" + teacher);
        string student = _folder.Write("student.yaml",
            "include: minimal.yaml\ndata: {classes: [b, a]}\nteacher: {recipe: teacher.yaml, weights: w}\n");
        Assert.Contains(expected, Assert.Throws<RecipeException>(() => Recipe.Load(student)).Message);
    }

    [Fact]
    public void A_teacher_brings_its_model_but_not_what_it_started_from()
    {
        _folder.Write("teacher.yaml", RecipeFolder.Minimal + "model: {weights: a, backbone: {depth: 101, weights: b}}\nteacher: {recipe: "
            + "teacher.yaml, weights: own}\n");
        Recipe recipe = _folder.Load("teacher: {recipe: teacher.yaml, weights: w, model: {head: {channels: 64}}}\n");
        Assert.Equal((101, null, null, 64, "w"), (recipe.Teacher!.Model!.Backbone.Depth, recipe.Teacher.Model!.Backbone.Weights,
            recipe.Teacher.Model!.Weights, recipe.Teacher.Model!.Head.Channels, recipe.Teacher.Weights));
    }
}
