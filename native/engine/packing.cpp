// Weights in the order in which the kernels read them.
#include "engine.h"

#include <cstring>

namespace retort_engine {

namespace {

// [pair of output blocks][input block][tap][channel][2 * lanes], where an odd last output block stands alone.
struct PackedLayout {
  int lanes, channels, input_blocks, output_blocks, taps;
  size_t floats() const { return static_cast<size_t>(output_blocks) * input_blocks * taps * channels * lanes; }
  size_t at(int out, int in, int tap) const {
    int block = out / lanes, pair = block / 2 * 2;
    int vectors = pair + 1 < output_blocks ? 2 : 1;
    size_t row = (static_cast<size_t>(in / channels) * taps + tap) * channels + in % channels;
    size_t start = static_cast<size_t>(pair) * input_blocks * taps * channels * lanes;
    return start + row * vectors * lanes + (block - pair) * lanes + out % lanes;
  }
};

// Row j of G: the powers of the j-th point over the product of its distances to the others.
struct FilterTransform {
  double g[6][3];
  FilterTransform() {
    const double points[5] = {0, kPointA, -kPointA, kPointB, -kPointB};
    for (int j = 0; j < 5; ++j) {
      double distance = 1;
      for (int k = 0; k < 5; ++k) distance *= k == j ? 1 : points[j] - points[k];
      for (int power = 0; power < 3; ++power) g[j][power] = (power == 0 ? 1 : power == 1 ? points[j] : points[j] * points[j]) / distance;
    }
    g[5][0] = g[5][1] = 0, g[5][2] = 1;
  }
};

// G f G^T for one filter, in double.
void transform_filter(const float* f, double* out) {
  static const FilterTransform transform;
  const auto& g = transform.g;
  double half[6][3];
  for (int r = 0; r < 6; ++r) {
    for (int c = 0; c < 3; ++c) half[r][c] = g[r][0] * f[c] + g[r][1] * f[3 + c] + g[r][2] * f[6 + c];
  }
  for (int r = 0; r < 6; ++r) {
    for (int c = 0; c < 6; ++c) out[r * 6 + c] = half[r][0] * g[c][0] + half[r][1] * g[c][1] + half[r][2] * g[c][2];
  }
}

}  // namespace

std::shared_ptr<PackedWeight> packed(Engine& engine, const at::Tensor& weight, bool winograd, bool rgb) {
  auto key = std::make_pair(static_cast<const void*>(weight.unsafeGetTensorImpl()), winograd);
  auto found = engine.weights.find(key);
  if (found != engine.weights.end()) return found->second;
  int out = weight.size(0), in = weight.size(1), taps = weight.size(2) * weight.size(3), lanes = engine.kernels->lanes;
  PackedLayout layout{lanes, rgb ? 3 : lanes, rgb ? 1 : (in + lanes - 1) / lanes, (out + lanes - 1) / lanes, winograd ? 1 : taps};
  auto result = std::make_shared<PackedWeight>();
  result->source = weight;
  size_t plane = layout.floats();
  result->data = std::make_unique<Aligned>(plane * (winograd ? 36 : 1));
  float* target = result->data->data;
  std::memset(target, 0, result->data->size * sizeof(float));
  at::Tensor dense = weight.contiguous();
  const float* source = dense.data_ptr<float>();
  for (int o = 0; o < out; ++o) {
    for (int i = 0; i < in; ++i, source += taps) {
      if (winograd) {
        double filter[36];
        transform_filter(source, filter);
        for (int p = 0; p < 36; ++p) target[p * plane + layout.at(o, i, 0)] = static_cast<float>(filter[p]);
      } else {
        for (int t = 0; t < taps; ++t) target[layout.at(o, i, t)] = source[t];
      }
    }
  }
  engine.weights[key] = result;
  return result;
}

std::shared_ptr<PackedWeight> packed_groups(Engine& engine, const at::Tensor& weight, int part) {
  auto key = std::make_pair(static_cast<const void*>(weight.unsafeGetTensorImpl()), false);
  auto found = engine.weights.find(key);
  if (found != engine.weights.end()) return found->second;
  int out = weight.size(0), group = weight.size(1), taps = weight.size(2) * weight.size(3), lanes = engine.kernels->lanes;
  int output_blocks = (out + lanes - 1) / lanes, channels = part * lanes;
  size_t block_floats = static_cast<size_t>(part) * taps * lanes * lanes;
  auto result = std::make_shared<PackedWeight>();
  result->source = weight;
  result->data = std::make_unique<Aligned>(output_blocks * block_floats);
  float* target = result->data->data;
  std::memset(target, 0, result->data->size * sizeof(float));
  at::Tensor dense = weight.contiguous();
  const float* source = dense.data_ptr<float>();
  for (int o = 0; o < out; ++o) {
    int first = o / channels * part, blocks = std::min(part, output_blocks - first);
    PackedLayout layout{lanes, lanes, blocks, blocks, taps};
    for (int i = 0; i < group; ++i, source += taps) {
      int in = o / group * group + i - first * lanes;
      for (int t = 0; t < taps; ++t) target[first * block_floats + layout.at(o - first * lanes, in, t)] = source[t];
    }
  }
  engine.weights[key] = result;
  return result;
}

}  // namespace retort_engine
