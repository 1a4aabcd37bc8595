// A convolutional network that is compiled for one input shape: blocked maps, packed weights, Winograd convolutions, planned memory.
#pragma once

#include "aligned.h"
#include "kernels.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace retort_engine {

// Shared with CompiledNode in C#.
enum class Kind : int32_t { Input = 0, Convolution = 1, MaxPool = 2, Resize = 3, Affine = 4, GroupNorm = 5, Output = 6 };

// One step; it makes one map, which later steps name by the step's index. Shared with EngineNode in C#.
struct NodeSpec {
  Kind kind;
  int32_t input;   // step, or number of the network's input
  int32_t other;   // step whose map is added, or -1
  int32_t relu;
  void* weight;    // convolution [out, in, h, w]; group norm [channels]
  void* bias;      // [out], or null
  int32_t kernel, stride, padding, dilation;
  int32_t groups;  // of the normalisation; of a convolution, whose groups have as many inputs as outputs, a power of two
  int32_t height, width;  // of a resize's result
  float factor;    // of an affine step or an output
  double epsilon;
};

struct PackedWeight {
  at::Tensor source;  // kept, so that its address stays its own
  std::unique_ptr<Aligned> data;
};

// What the plans of one network share: packed weights and working memory. One plan runs at a time.
struct Engine {
  const KernelSet* kernels;
  std::map<std::pair<const void*, bool>, std::shared_ptr<PackedWeight>> weights;
  std::unique_ptr<Aligned> arena;
  std::vector<std::unique_ptr<Aligned>> scratch;  // by thread
  std::mutex mutex;
};

struct Map {
  int images = 0, channels = 0, height = 0, width = 0;
  int border = 0;
  bool packed_rgb = false;
  int root = -1;       // the step whose memory this map lies in
  int last_use = -1;
  size_t offset = 0;   // floats into the arena
};

struct Step {
  NodeSpec spec;
  Map map;
  std::shared_ptr<PackedWeight> weight;
  std::vector<float> bias, gain;      // padded to blocks
  bool winograd = false;
  int part = 0;                       // blocks that a part of a grouped convolution reads and writes; 0 without groups
  bool deferred = false;              // a normalisation that its consumers apply while they read
  std::vector<float> scale, shift;    // [image][channel], of the last run
  std::vector<double> moments;        // [image][channel][2]
  std::vector<int> rows, columns;     // of a resize: where each output comes from
};

class Plan {
 public:
  Plan(Engine& engine, const NodeSpec* specs, int count, const std::vector<std::vector<int64_t>>& input_shapes);
  std::vector<at::Tensor> run(const std::vector<at::Tensor>& inputs);

 private:
  void infer(int index, const std::vector<std::vector<int64_t>>& input_shapes);
  void infer_convolution(Step& step);
  void choose_borders();
  void choose_aliases();
  void place();
  void prepare(Step& step);
  Plane plane(int step) const;
  size_t floats(const Map& map) const;
  int blocks(int channels) const { return (channels + lanes_ - 1) / lanes_; }

  void run_input(const Step& step, const at::Tensor& input);
  void run_convolution(const Step& step);
  void run_winograd(const Step& step);
  void run_group_norm(Step& step);
  at::Tensor run_output(const Step& step);
  void run_elementwise(int index);
  // Calls body(image, block) for every block of a step's map, in parallel.
  template <typename Body>
  void for_blocks(const Map& map, Body&& body) const;

  Engine& engine_;
  const KernelSet& kernels_;
  int lanes_;
  std::vector<Step> steps_;
  size_t arena_floats_ = 0;
};

std::shared_ptr<PackedWeight> packed(Engine& engine, const at::Tensor& weight, bool winograd, bool rgb);
// The weight of a grouped convolution as a dense one for every `part` blocks, zero between the groups that share a part.
std::shared_ptr<PackedWeight> packed_groups(Engine& engine, const at::Tensor& weight, int part);
bool wants_winograd(const NodeSpec& spec, const Map& input, int out_channels);

}  // namespace retort_engine
