// The stages of a Winograd convolution, one after another for some rows of tiles at a time: the transform of the maps, 36 matrix products,
// and the transform back. Each stage shares its work among the threads without sums across them.
#include "winograd_training.h"

#include "aligned.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace retort_engine {
namespace {

constexpr int kPositions = 36;
// Transformed maps of one chunk, floats. A chunk is about as large as the transformed weights, which every chunk reads again; smaller ones
// would be for the weights what larger ones are for the maps, traffic beyond the second-level cache.
constexpr int64_t kSmallestChunk = 1 << 18, kLargestChunk = 1 << 22;
// Positions must not lie a power of two apart, or their lines would share a few sets of the caches.
constexpr int64_t kPositionGap = 16;

int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

// Memory of the calling thread, which keeps it for its next convolution; it is as large as the largest layer needs.
float* workspace(int64_t floats) {
  thread_local std::unique_ptr<Aligned> memory;
  if (!memory || static_cast<int64_t>(memory->size) < floats) {
    memory.reset();
    memory = std::make_unique<Aligned>(floats);
  }
  return memory->data;
}

template <typename Body>
void parallel(int64_t count, Body&& body) {
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) body(k);
  });
}

// What the convolutions of two maps of one size share.
class Winograd {
 public:
  Winograd(const KernelSet& kernels, const at::Tensor& map, int64_t channels, int64_t other_channels)
      : kernels_(kernels.training), conv_rows_(kernels.conv_rows), lanes_(kernels.lanes), height_(map.size(2)), width_(map.size(3)),
        rows_(divide_up(height_, 4)), columns_(divide_up(width_, 4)), all_rows_(map.size(0) * rows_),
        channels_(channels), other_channels_(other_channels), blocks_(divide_up(channels, lanes_)),
            other_blocks_(divide_up(other_channels, lanes_)) {
    matrix_ = blocks_ * other_blocks_ * lanes_ * lanes_ + kPositionGap;
    int64_t per_row = std::max<int64_t>(kPositions * (blocks_ + other_blocks_) * lanes_ * columns_, 1);
    chunk_rows_ = std::clamp<int64_t>(std::clamp(kPositions * matrix_, kSmallestChunk, kLargestChunk) / per_row, 1,
        std::max<int64_t>(all_rows_, 1));
    // Chunks of nearly one length.
    if (all_rows_ > 0) chunk_rows_ = divide_up(all_rows_, divide_up(all_rows_, chunk_rows_));
    strip_ = std::max(6 * (4 * columns_ + 2), 9 * blocks_ * lanes_) * lanes_;
    int64_t tiles = chunk_rows_ * columns_;
    float* memory = workspace(kPositions * (matrix_ + gapped(blocks_, tiles) + gapped(other_blocks_, tiles)) + at::get_num_threads()
        * strip_);
    matrices_ = memory, memory += kPositions * matrix_;
    tiles_ = memory, memory += kPositions * gapped(blocks_, tiles);
    other_tiles_ = memory, memory += kPositions * gapped(other_blocks_, tiles);
    strips_ = memory;
  }

  // other = map convolved with the weight [other channels, channels, 3, 3], or with the `turned` one [channels, other channels, 3, 3],
  // whose inputs and outputs are exchanged and whose taps are turned by 180 degrees.
  void convolve(const float* map, const float* weight, bool turned, const float* bias, float* other) {
    turned ? turned_filters(weight) : filters(weight);
    for_chunks([&](int64_t first, int64_t count) {
      transform(map, channels_, 1, kernels_.patches, first, count, tiles_);
      multiply(count * columns_);
      transform_back(first, count, bias, other);
    });
  }

  // weight [other channels, channels, 3, 3] = the gradient that `other` gives it.
  void correlate(const float* map, const float* other, float* weight) {
    for_chunks([&](int64_t first, int64_t count) {
      transform(map, channels_, 1, kernels_.patches, first, count, tiles_);
      transform(other, other_channels_, 0, kernels_.slopes, first, count, other_tiles_);
      accumulate(count * columns_, first > 0);
    });
    filter_slopes(weight);
  }

 private:
  int64_t gapped(int64_t blocks, int64_t tiles) const { return blocks * tiles * lanes_ + kPositionGap; }
  float* strip() const { return strips_ + at::get_thread_num() * strip_; }
  int lanes_of(int64_t block, int64_t channels) const { return static_cast<int>(std::min<int64_t>(lanes_, channels - block * lanes_)); }

  template <typename Body>
  void for_chunks(Body&& body) const {
    for (int64_t first = 0; first < all_rows_; first += chunk_rows_) body(first, std::min(chunk_rows_, all_rows_ - first));
  }

  // A row of tiles, counted through the images, of one block of a map.
  StripRows strip_rows(int64_t row, int64_t block, int64_t channels, int border) const {
    StripRows q{};
    q.channel = height_ * width_, q.channels = lanes_of(block, channels);
    q.height = static_cast<int>(height_), q.width = static_cast<int>(width_);
    q.first_row = static_cast<int>(row % rows_ * 4 - border), q.rows = 4 + 2 * border;
    q.border = border, q.columns = static_cast<int>(4 * columns_ + 2 * border);
    return q;
  }

  int64_t place(int64_t row, int64_t block, int64_t channels) const { return (row / rows_ * channels + block * lanes_) * height_ * width_; }

  void transform(const float* map, int64_t channels, int border, void (*kernel)(const float*, int, float*, long), int64_t first,
      int64_t count, float* out) const {
    int64_t blocks = divide_up(channels, lanes_), tiles = count * columns_;
    parallel(count * blocks, [&](int64_t k) {
      int64_t row = k % count, block = k / count;
      float* rows = strip();
      kernels_.read_strip(map + place(first + row, block, channels), strip_rows(first + row, block, channels, border), rows);
      kernel(rows, static_cast<int>(columns_), out + (block * tiles + row * columns_) * lanes_, gapped(blocks, tiles));
    });
  }

  void transform_back(int64_t first, int64_t count, const float* bias, float* map) const {
    int64_t tiles = count * columns_;
    parallel(count * other_blocks_, [&](int64_t k) {
      int64_t row = k % count, block = k / count;
      float* rows = strip();
      kernels_.results(other_tiles_ + (block * tiles + row * columns_) * lanes_, static_cast<int>(columns_), gapped(other_blocks_, tiles),
          bias ? bias + block * lanes_ : nullptr, rows);
      kernels_.write_strip(rows, strip_rows(first + row, block, other_channels_, 0), map + place(first + row, block, other_channels_));
    });
  }

  // At every position: other tiles = matrix * tiles, two blocks at a time.
  void multiply(int64_t tiles) const {
    int64_t pairs = divide_up(other_blocks_, 2);
    parallel(kPositions * pairs, [&](int64_t k) {
      int64_t position = k / pairs, block = k % pairs * 2;
      ConvRows task{};
      task.input = tiles_ + position * gapped(blocks_, tiles);
      task.weight = matrices_ + position * matrix_ + block * blocks_ * lanes_ * lanes_;
      task.output = other_tiles_ + position * gapped(other_blocks_, tiles) + block * tiles * lanes_;
      task.input_block = task.output_block = tiles * lanes_;
      task.input_blocks = static_cast<int>(blocks_), task.output_blocks = static_cast<int>(std::min<int64_t>(2, other_blocks_ - block));
      task.tap_rows = task.tap_columns = task.rows = task.column_step = 1, task.width = static_cast<int>(tiles);
      conv_rows_(task);
    });
  }

  // At every position: matrix [other channel][channel] = other tiles * transposed tiles, or more of it.
  void accumulate(int64_t tiles, bool add) const {
    parallel(kPositions * other_blocks_, [&](int64_t k) {
      int64_t position = k / other_blocks_, block = k % other_blocks_;
      OuterProducts task{};
      task.left = other_tiles_ + position * gapped(other_blocks_, tiles) + block * tiles * lanes_;
      task.right = tiles_ + position * gapped(blocks_, tiles);
      task.right_block = tiles * lanes_, task.right_blocks = static_cast<int>(blocks_), task.tiles = static_cast<int>(tiles);
      task.row = blocks_ * lanes_;
      task.sums = matrices_ + position * matrix_ + block * lanes_ * task.row;
      task.add = add;
      kernels_.outer_products(task);
    });
  }

  // Matrices in the order of conv_rows: [pair of other blocks][channel][2 * lanes], where an odd last block stands alone.
  void put_filters(const float* taps, int64_t block, bool turned) const {
    int64_t pair = block / 2 * 2, step = pair + 1 < other_blocks_ ? 2 * lanes_ : lanes_, padded = blocks_ * lanes_;
    kernels_.filters(taps, static_cast<int>(padded), turned, matrices_ + pair * padded * lanes_ + (block - pair) * lanes_, step, matrix_);
  }

  void filters(const float* weight) const {
    int64_t row = 9 * channels_, padded = 9 * blocks_ * lanes_;
    parallel(other_blocks_, [&](int64_t block) {
      StripRows q{};
      q.channel = row, q.channels = lanes_of(block, other_channels_);
      q.height = q.rows = 1, q.width = static_cast<int>(row), q.columns = static_cast<int>(padded);
      float* taps = strip();
      kernels_.read_strip(weight + block * lanes_ * row, q, taps);
      put_filters(taps, block, false);
    });
  }

  void turned_filters(const float* weight) const {
    int64_t row = 9 * other_channels_;
    parallel(other_blocks_, [&](int64_t block) {
      StripRows q{};
      q.channel = 9, q.channels = lanes_of(block, other_channels_);
      q.height = q.rows = 1, q.width = q.columns = 9;
      float* taps = strip();
      for (int64_t k = 0; k < channels_; ++k) kernels_.read_strip(weight + k * row + block * lanes_ * 9, q, taps + k * 9 * lanes_);
      std::memset(taps + channels_ * 9 * lanes_, 0, (blocks_ * lanes_ - channels_) * 9 * lanes_ * sizeof(float));
      put_filters(taps, block, true);
    });
  }

  void filter_slopes(float* weight) const {
    parallel(other_channels_, [&](int64_t k) {
      float* taps = strip();
      StripRows q{};
      q.channel = 9, q.height = q.rows = 1, q.width = q.columns = 9;
      for (int64_t block = 0; block < blocks_; ++block) {
        kernels_.filter_slopes(matrices_ + (k * blocks_ + block) * lanes_, matrix_, taps);
        q.channels = lanes_of(block, channels_);
        kernels_.write_strip(taps, q, weight + (k * channels_ + block * lanes_) * 9);
      }
    });
  }

  const TrainingKernels& kernels_;
  void (*conv_rows_)(const ConvRows&);
  int64_t lanes_, height_, width_, rows_, columns_, all_rows_;  // rows and columns of tiles; all rows of all images
  int64_t channels_, other_channels_, blocks_, other_blocks_;
  int64_t chunk_rows_, matrix_, strip_;
  float *matrices_, *tiles_, *other_tiles_, *strips_;
};

at::Tensor map_like(const at::Tensor& map, int64_t channels) { return at::empty(
    {map.size(0), channels, map.size(2), map.size(3)}, map.options()); }

}  // namespace

at::Tensor winograd_convolution(const KernelSet& kernels, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
  at::Tensor result = map_like(input, weight.size(0));
  std::vector<float> padded;
  if (bias.defined()) {
    padded.assign(divide_up(weight.size(0), kernels.lanes) * kernels.lanes, 0.f);
    std::copy_n(bias.data_ptr<float>(), weight.size(0), padded.begin());
  }
  Winograd(kernels, input, weight.size(1), weight.size(0))
      .convolve(input.data_ptr<float>(), weight.data_ptr<float>(), false, bias.defined() ? padded.data()
          : nullptr, result.data_ptr<float>());
  return result;
}

at::Tensor winograd_input_gradient(const KernelSet& kernels, const at::Tensor& gradient, const at::Tensor& weight) {
  at::Tensor result = map_like(gradient, weight.size(1));
  Winograd(kernels, gradient, weight.size(0), weight.size(1))
      .convolve(gradient.data_ptr<float>(), weight.data_ptr<float>(), true, nullptr, result.data_ptr<float>());
  return result;
}

at::Tensor winograd_weight_gradient(const KernelSet& kernels, const at::Tensor& input, const at::Tensor& gradient) {
  at::Tensor result = at::empty({gradient.size(1), input.size(1), 3, 3}, input.options());
  if (input.numel() == 0) return result.zero_();
  Winograd(kernels, input, input.size(1), gradient.size(1))
      .correlate(input.data_ptr<float>(), gradient.data_ptr<float>(), result.data_ptr<float>());
  return result;
}

}  // namespace retort_engine
