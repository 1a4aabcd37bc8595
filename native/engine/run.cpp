// Running a plan.
#include "engine.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

namespace retort_engine {

namespace {
// Inputs of one task of a direct convolution, floats: half a megabyte stays in the second-level cache.
constexpr int64_t kStripFloats = 1 << 17;
// Scratch of one task of a Winograd convolution, floats.
constexpr int64_t kTileFloats = 1 << 19;

int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }
}  // namespace

Plane Plan::plane(int index) const {
  const Map& map = steps_[index].map;
  const Map& root = steps_[map.root].map;
  Plane p{};
  p.height = map.height, p.width = map.width;
  int64_t columns = root.width + 2 * root.border, rows = root.height + 2 * root.border;
  int64_t pixel = root.packed_rgb ? 4 : lanes_;
  p.blocks = root.packed_rgb ? 1 : blocks(map.channels);
  p.row = columns * pixel;
  p.block = rows * p.row;
  p.image = p.blocks * p.block + (root.packed_rgb ? 16 : 0);
  p.data = engine_.arena->data + root.offset + root.border * (p.row + pixel);
  return p;
}

template <typename Body>
void Plan::for_blocks(const Map& map, Body&& body) const {
  int64_t count = blocks(map.channels);
  at::parallel_for(0, map.images * count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) body(static_cast<int>(k / count), static_cast<int>(k % count));
  });
}

void Plan::run_input(const Step& step, const at::Tensor& input) {
  const Map& map = step.map;
  Plane target = plane(map.root);
  const float* source = input.data_ptr<float>();
  int64_t pixels = static_cast<int64_t>(map.height) * map.width;
  if (map.packed_rgb) {
    std::fill_n(engine_.arena->data + map.offset, floats(map), 0.f);
    at::parallel_for(0, static_cast<int64_t>(map.images) * map.height, 16, [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        int64_t image = k / map.height, y = k % map.height;
        float* out = target.data + image * target.image + y * target.row;
        const float* in = source + image * 3 * pixels + y * map.width;
        for (int x = 0; x < map.width; ++x) {
          for (int c = 0; c < 3; ++c) out[x * 4 + c] = in[c * pixels + x];
        }
      }
    });
    return;
  }
  for_blocks(map, [&](int image, int block) {
    int channels = std::min(lanes_, map.channels - block * lanes_);
    kernels_.pack(source + (static_cast<int64_t>(image) * map.channels + block * lanes_) * pixels, pixels, channels, target, image, block);
  });
}

void Plan::run_convolution(const Step& step) {
  const NodeSpec& spec = step.spec;
  const Map& map = step.map;
  const Map& in_map = steps_[spec.input].map;
  Plane in = plane(spec.input), out = plane(map.root), add{};
  if (spec.other >= 0) add = plane(spec.other);
  int64_t pixel = in_map.packed_rgb ? 4 : lanes_;
  int output_blocks = out.blocks, pairs = (output_blocks + 1) / 2;
  int read_blocks = step.part > 0 ? step.part : in.blocks;
  int64_t row_floats = static_cast<int64_t>(read_blocks) * in.row * spec.stride;
  int64_t rows = std::clamp<int64_t>(kStripFloats / std::max<int64_t>(row_floats, 1), 1, map.height);
  int64_t threads = at::get_num_threads();
  int64_t strips = divide_up(map.height, rows), groups = 1;
  int64_t wanted = threads == 1 ? 1 : 4 * threads;
  if (map.images * strips < wanted) groups = std::min<int64_t>(pairs, divide_up(wanted, map.images * strips));
  int64_t group_pairs = step.part > 0 ? step.part / 2 : divide_up(pairs, groups);
  groups = divide_up(pairs, group_pairs);
  int64_t block_weights = static_cast<int64_t>(read_blocks) * spec.kernel * spec.kernel * (in_map.packed_rgb ? 3 : lanes_) * lanes_;
  at::parallel_for(0, map.images * strips * groups, 1, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) {
      int64_t group = k % groups, strip = k / groups % strips, image = k / groups / strips;
      int64_t y = strip * rows, block = group * group_pairs * 2;
      ConvRows task{};
      task.input = in.data + image * in.image + (y * spec.stride - spec.padding) * in.row - spec.padding * pixel;
      task.weight = step.weight->data->data + block * block_weights;
      task.bias = step.bias.empty() ? nullptr : step.bias.data() + block * lanes_;
      task.residual = spec.other < 0 ? nullptr : add.data + image * add.image + block * add.block + y * add.row;
      task.output = out.data + image * out.image + block * out.block + y * out.row;
      task.input_block = in.block, task.input_row = in.row * spec.stride;
      task.tap_row = in.row * spec.dilation, task.tap_column = pixel * spec.dilation;
      task.output_block = out.block, task.output_row = out.row, task.residual_block = add.block, task.residual_row = add.row;
      task.input_blocks = in.blocks, task.tap_rows = task.tap_columns = spec.kernel;
      if (step.part > 0) {
        task.input += block * in.block;
        task.input_blocks = static_cast<int>(std::min<int64_t>(step.part, in.blocks - block));
      }
      task.output_blocks = static_cast<int>(std::min<int64_t>(group_pairs * 2, output_blocks - block));
      task.rows = static_cast<int>(std::min<int64_t>(rows, map.height - y)), task.width = map.width;
      task.column_step = spec.stride, task.packed_rgb = in_map.packed_rgb, task.relu = spec.relu != 0;
      kernels_.conv_rows(task);
    }
  });
}

void Plan::run_winograd(const Step& step) {
  const NodeSpec& spec = step.spec;
  const Map& map = step.map;
  Plane in = plane(spec.input), out = plane(map.root), add{};
  if (spec.other >= 0) add = plane(spec.other);
  const Step& source = steps_[spec.input];
  const float* scale = source.deferred ? source.scale.data() : nullptr;
  const float* shift = source.deferred ? source.shift.data() : nullptr;
  const float* bias = step.bias.empty() ? nullptr : step.bias.data();
  int rows = (map.height + 3) / 4, columns = (map.width + 3) / 4;
  int64_t total = static_cast<int64_t>(map.images) * rows * columns;
  int64_t per_tile = 36 * static_cast<int64_t>(in.blocks + out.blocks) * lanes_;
  int64_t preferred = std::max<int64_t>(2, kTileFloats / per_tile / kernels_.tile) * kernels_.tile;
  int64_t threads = at::get_num_threads();
  int64_t tasks = divide_up(divide_up(total, preferred), threads) * threads;
  int64_t tiles = divide_up(total, tasks);
  tasks = divide_up(total, tiles);
  int64_t position_weights = static_cast<int64_t>(in.blocks) * out.blocks * lanes_ * lanes_;
  at::parallel_for(0, tasks, 1, [&](int64_t begin, int64_t end) {
    auto& scratch = engine_.scratch[at::get_thread_num()];
    if (!scratch || static_cast<int64_t>(scratch->size) < per_tile * tiles) scratch = std::make_unique<Aligned>(per_tile * tiles);
    for (int64_t k = begin; k < end; ++k) {
      WinogradTiles block{static_cast<int>(k * tiles), static_cast<int>(std::min(total, (k + 1) * tiles)), rows, columns, scratch->data};
      int64_t count = block.last - block.first;
      kernels_.winograd_input(in, block, scale, shift);
      float* products = scratch->data + 36 * in.blocks * count * lanes_;
      ConvRows task{};
      task.input_block = task.output_block = count * lanes_;
      task.input_blocks = in.blocks, task.output_blocks = out.blocks;
      task.tap_rows = task.tap_columns = task.rows = task.column_step = 1, task.width = static_cast<int>(count);
      for (int position = 0; position < 36; ++position) {
        task.input = scratch->data + position * in.blocks * count * lanes_;
        task.output = products + position * out.blocks * count * lanes_;
        task.weight = step.weight->data->data + position * position_weights;
        kernels_.conv_rows(task);
      }
      block.transformed = products;
      kernels_.winograd_output(out, block, bias, spec.other >= 0 ? &add : nullptr, spec.relu != 0);
    }
  });
}

void Plan::run_group_norm(Step& step) {
  const Map& map = step.map;
  Plane p = plane(map.root);
  int padded = p.blocks * lanes_, size = map.channels / step.spec.groups;
  for_blocks(map, [&](int image, int block) {
    double* at = step.moments.data() + (static_cast<int64_t>(image) * padded + block * lanes_) * 2;
    kernels_.moments(p, image, block, at, at + lanes_);
  });
  double pixels = static_cast<double>(map.height) * map.width * size;
  for (int image = 0; image < map.images; ++image) {
    for (int group = 0; group < step.spec.groups; ++group) {
      double sum = 0, square = 0;
      for (int c = group * size; c < (group + 1) * size; ++c) {
        const double* at = step.moments.data() + (static_cast<int64_t>(image) * padded + c / lanes_ * lanes_) * 2 + c % lanes_;
        sum += at[0];
        square += at[lanes_];
      }
      double mean = sum / pixels, variance = std::max(0.0, square / pixels - mean * mean);
      double inverse = 1 / std::sqrt(variance + step.spec.epsilon);
      for (int c = group * size; c < (group + 1) * size; ++c) {
        step.scale[image * padded + c] = static_cast<float>(step.gain[c] * inverse);
        step.shift[image * padded + c] = static_cast<float>(step.bias[c] - step.gain[c] * inverse * mean);
      }
    }
  }
  if (step.deferred) return;
  for_blocks(map, [&](int image, int block) {
    int64_t at = static_cast<int64_t>(image) * padded + block * lanes_;
    kernels_.affine(p, p, image, block, step.scale.data() + at, step.shift.data() + at, step.spec.relu != 0);
  });
}

at::Tensor Plan::run_output(const Step& step) {
  const Map& map = steps_[step.spec.input].map;
  at::Tensor result = at::empty({map.images, map.channels, map.height, map.width}, at::TensorOptions().dtype(at::kFloat));
  Plane source = plane(step.spec.input);
  float* target = result.data_ptr<float>();
  int64_t pixels = static_cast<int64_t>(map.height) * map.width;
  for_blocks(map, [&](int image, int block) {
    int channels = std::min(lanes_, map.channels - block * lanes_);
    kernels_.unpack(source, image, block, target + (static_cast<int64_t>(image) * map.channels + block * lanes_) * pixels, pixels, channels,
        step.spec.factor);
  });
  return result;
}

std::vector<at::Tensor> Plan::run(const std::vector<at::Tensor>& inputs) {
  std::lock_guard<std::mutex> lock(engine_.mutex);
  if (!engine_.arena || engine_.arena->size < arena_floats_) engine_.arena = std::make_unique<Aligned>(arena_floats_);
  size_t threads = static_cast<size_t>(std::max(1, at::get_num_threads()));
  if (engine_.scratch.size() < threads) engine_.scratch.resize(threads);
  std::vector<at::Tensor> outputs;
  for (size_t k = 0; k < steps_.size(); ++k) {
    Step& step = steps_[k];
    const NodeSpec& spec = step.spec;
    bool makes = step.map.root == static_cast<int>(k) && spec.kind != Kind::Output;
    if (makes && step.map.border > 0 && !step.map.packed_rgb) {
      for_blocks(step.map, [&](int image, int block) { kernels_.zero_border(plane(static_cast<int>(k)), image, block, step.map.border); });
    }
    switch (spec.kind) {
      case Kind::Input: run_input(step, inputs.at(spec.input)); break;
      case Kind::Convolution: step.winograd ? run_winograd(step) : run_convolution(step); break;
      case Kind::GroupNorm: run_group_norm(step); break;
      case Kind::Output: outputs.push_back(run_output(step)); break;
      default: run_elementwise(static_cast<int>(k)); break;
    }
  }
  return outputs;
}

void Plan::run_elementwise(int index) {
  const Step& step = steps_[index];
  const NodeSpec& spec = step.spec;
  Plane in = plane(spec.input), out = plane(index), add{};
  if (spec.other >= 0) add = plane(spec.other);
  std::vector<float> gain(lanes_, spec.factor), zero(lanes_, 0.f);
  for_blocks(step.map, [&](int image, int block) {
    if (spec.kind == Kind::MaxPool) {
      kernels_.max_pool(in, out, image, block, spec.kernel, spec.stride, spec.padding);
    } else if (spec.kind == Kind::Resize) {
      kernels_.resize_add(in, spec.other >= 0 ? &add : nullptr, out, image, block, step.rows.data(), step.columns.data(), spec.relu != 0);
    } else {
      kernels_.affine(in, out, image, block, gain.data(), zero.data(), spec.relu != 0);
    }
  });
}

}  // namespace retort_engine
