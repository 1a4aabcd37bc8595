// Building a plan: shapes, algorithms, borders, shared memory.
#include "engine.h"
#include "bridge/bridge.h"

#include <algorithm>
#include <cmath>

namespace retort_engine {

namespace {

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument("the inference engine: " + what); }

std::vector<float> padded(const at::Tensor& tensor, int count, int lanes) {
  std::vector<float> values((count + lanes - 1) / lanes * lanes, 0.f);
  at::Tensor dense = tensor.to(at::kFloat).contiguous();
  if (dense.numel() != count) refuse("a vector of the network does not have one value a channel");
  std::copy_n(dense.data_ptr<float>(), count, values.begin());
  return values;
}

int reduced(int size, int kernel, int stride, int padding,
    int dilation) { return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1; }

std::vector<int> nearest(int from, int to) {
  std::vector<int> index(to);
  float scale = static_cast<float>(from) / static_cast<float>(to);
  for (int k = 0; k < to; ++k) index[k] = std::min(static_cast<int>(std::floor(k * scale)), from - 1);
  return index;
}

}  // namespace

// Winograd needs 4 times fewer products but 4 times as many weights, which pays once enough tiles share them.
bool wants_winograd(const NodeSpec& spec, const Map& input, int out_channels) {
  int tiles = input.images * ((input.height + 3) / 4) * ((input.width + 3) / 4);
  return spec.kernel == 3 && spec.stride == 1 && spec.padding == 1 && spec.dilation == 1 && input.channels >= 32 && out_channels >= 32
      && tiles >= 24;
}

Plan::Plan(Engine& engine, const NodeSpec* specs, int count, const std::vector<std::vector<int64_t>>& input_shapes)
    : engine_(engine), kernels_(*engine.kernels), lanes_(engine.kernels->lanes) {
  steps_.resize(count);
  for (int k = 0; k < count; ++k) {
    steps_[k].spec = specs[k];
    infer(k, input_shapes);
  }
  choose_borders();
  choose_aliases();
  place();
  for (Step& step : steps_) prepare(step);
}

void Plan::infer(int index, const std::vector<std::vector<int64_t>>& input_shapes) {
  Step& step = steps_[index];
  const NodeSpec& spec = step.spec;
  if (spec.kind == Kind::Input) {
    const auto& shape = input_shapes.at(spec.input);
    if (shape.size() != 4) refuse("an input is not [N, C, H, W]");
    step.map.images = shape[0], step.map.channels = shape[1], step.map.height = shape[2], step.map.width = shape[3];
  } else {
    if (spec.input < 0 || spec.input >= index || spec.other >= index) refuse("a step reads a map that does not exist yet");
    step.map = Map();
    const Map& in = steps_[spec.input].map;
    step.map.images = in.images, step.map.channels = in.channels, step.map.height = in.height, step.map.width = in.width;
    steps_[spec.input].map.last_use = index;
    if (spec.other >= 0) steps_[spec.other].map.last_use = index;
  }
  if (spec.kind == Kind::Convolution) infer_convolution(step);
  if (spec.kind == Kind::MaxPool) {
    step.map.height = reduced(step.map.height, spec.kernel, spec.stride, spec.padding, 1);
    step.map.width = reduced(step.map.width, spec.kernel, spec.stride, spec.padding, 1);
  }
  if (spec.kind == Kind::Resize) step.map.height = spec.height, step.map.width = spec.width;
  if (spec.other >= 0) {
    const Map& other = steps_[spec.other].map;
    bool same = other.images == step.map.images && other.channels == step.map.channels && other.height == step.map.height
        && other.width == step.map.width;
    if (!same) refuse("maps of different shapes are added");
  }
  if (step.map.height < 1 || step.map.width < 1 || step.map.images < 1) refuse("a map is empty");
}

void Plan::infer_convolution(Step& step) {
  const NodeSpec& spec = step.spec;
  at::Tensor weight = retort::borrow(spec.weight);
  const Map& in = steps_[spec.input].map;
  if (weight.dim() != 4 || spec.groups < 1 || weight.size(1) * spec.groups != in.channels || weight.size(2) != spec.kernel
      || weight.size(3) != spec.kernel) refuse("a convolution's weight does not fit its input");
  if (spec.stride != 1 && spec.stride != 2) refuse("a convolution has a stride above 2");
  step.map.channels = weight.size(0);
  step.map.height = reduced(in.height, spec.kernel, spec.stride, spec.padding, spec.dilation);
  step.map.width = reduced(in.width, spec.kernel, spec.stride, spec.padding, spec.dilation);
  step.winograd = spec.groups == 1 && wants_winograd(spec, in, step.map.channels);
  if (spec.groups > 1) {
    int size = weight.size(1);
    if (step.map.channels != in.channels || (size & (size - 1)) != 0) refuse(
        "the groups of a convolution are not of an equal power of two");
    step.part = std::max(2, size / lanes_);
  }
}

// A direct convolution reads a border of zeros; images of three channels that only strided convolutions read stay packed by pixel.
void Plan::choose_borders() {
  for (size_t k = 0; k < steps_.size(); ++k) {
    if (steps_[k].spec.kind != Kind::Input || steps_[k].map.channels != 3) continue;
    bool all = std::all_of(steps_.begin() + k + 1, steps_.end(), [&](const Step& s) {
      bool reads = s.spec.kind != Kind::Input && (s.spec.input == static_cast<int>(k) || s.spec.other == static_cast<int>(k));
      return !reads || (s.spec.kind == Kind::Convolution && s.spec.groups == 1 && s.spec.stride == 2
          && s.spec.other != static_cast<int>(k));
    });
    steps_[k].map.packed_rgb = all;
  }
  for (const Step& step : steps_) {
    if (step.spec.kind != Kind::Convolution || step.winograd) continue;
    Map& in = steps_[step.spec.input].map;
    in.border = std::max(in.border, step.spec.padding);
  }
}

// Normalisation works in place where nobody else wants its input; where only Winograd convolutions read the result, they apply it.
void Plan::choose_aliases() {
  int count = static_cast<int>(steps_.size());
  for (int k = 0; k < count; ++k) {
    Step& step = steps_[k];
    step.map.root = k;
    bool in_place = (step.spec.kind == Kind::GroupNorm || step.spec.kind == Kind::Affine) && steps_[step.spec.input].map.last_use == k;
    for (int j = 0; in_place && j < count; ++j) {
      const NodeSpec& other = steps_[j].spec;
      if (j != k && other.kind != Kind::Input && (other.input == step.spec.input || other.other == step.spec.input)) in_place = false;
    }
    if (!in_place || steps_[step.spec.input].deferred) {
      if (step.spec.kind == Kind::GroupNorm) refuse("the input of a normalisation is used elsewhere");
      continue;
    }
    Map& root = steps_[steps_[step.spec.input].map.root].map;
    step.map.root = steps_[step.spec.input].map.root;
    root.border = std::max(root.border, step.map.border);
    root.last_use = std::max(root.last_use, step.map.last_use);
    step.deferred = step.spec.kind == Kind::GroupNorm && step.spec.relu && step.map.last_use >= 0;
    for (int j = k + 1; j < count; ++j) {
      const Step& reader = steps_[j];
      if (reader.spec.other == k || (reader.spec.input == k && !reader.winograd)) step.deferred = false;
    }
  }
}

size_t Plan::floats(const Map& map) const {
  size_t pixels = static_cast<size_t>(map.height + 2 * map.border) * (map.width + 2 * map.border);
  // A packed image is read in whole steps of two pixels.
  size_t plane = map.packed_rgb ? pixels * 4 + 16 : pixels * blocks(map.channels) * lanes_;
  return (plane * map.images + 15) / 16 * 16;
}

// First fit: maps whose lives do not overlap share memory.
void Plan::place() {
  struct Block {
    size_t begin, end;
    int last_use;
  };
  std::vector<Block> live;
  for (size_t k = 0; k < steps_.size(); ++k) {
    Map& map = steps_[k].map;
    if (map.root != static_cast<int>(k) || steps_[k].spec.kind == Kind::Output) continue;
    live.erase(std::remove_if(live.begin(), live.end(), [&](const Block& b) { return b.last_use < static_cast<int>(k); }), live.end());
    std::sort(live.begin(), live.end(), [](const Block& a, const Block& b) { return a.begin < b.begin; });
    size_t size = floats(map), at = 0;
    for (const Block& block : live) {
      if (at + size <= block.begin) break;
      at = std::max(at, block.end);
    }
    map.offset = at;
    live.push_back({at, at + size, map.last_use});
    arena_floats_ = std::max(arena_floats_, at + size);
  }
}

void Plan::prepare(Step& step) {
  const NodeSpec& spec = step.spec;
  int channels = step.map.channels;
  if (spec.kind == Kind::Convolution) {
    at::Tensor weight = retort::borrow(spec.weight);
    step.weight = step.part > 0 ? packed_groups(engine_, weight, step.part)
        : packed(engine_, weight, step.winograd, steps_[spec.input].map.packed_rgb);
    if (spec.bias) step.bias = padded(retort::borrow(spec.bias), channels, lanes_);
  }
  if (spec.kind == Kind::Resize) {
    const Map& in = steps_[spec.input].map;
    step.rows = nearest(in.height, step.map.height);
    step.columns = nearest(in.width, step.map.width);
  }
  if (spec.kind == Kind::GroupNorm) {
    if (spec.groups < 1 || channels % spec.groups != 0) refuse("the groups of a normalisation do not divide its channels");
    step.gain = padded(retort::borrow(spec.weight), channels, lanes_);
    step.bias = padded(retort::borrow(spec.bias), channels, lanes_);
    size_t values = static_cast<size_t>(step.map.images) * blocks(channels) * lanes_;
    step.scale.assign(values, 0.f);
    step.shift.assign(values, 0.f);
    step.moments.assign(values * 2, 0.0);
  }
}

}  // namespace retort_engine
