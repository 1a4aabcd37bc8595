// The sampling of a deformable convolution, apart from its matrix products.
#pragma once

#include "kernel.h"

#include <cmath>

namespace retort {

// Sizes of one call; the groups of weights and the groups of offsets cut the channels independently.
struct DeformShape {
  int64_t images, channels, height, width;
  int64_t taps_y, taps_x, out_height, out_width;
  int64_t stride, padding, dilation, groups, offset_groups;
  bool modulated;

  int64_t taps() const { return taps_y * taps_x; }
  int64_t pixels() const { return out_height * out_width; }
  int64_t rows() const { return images * pixels(); }
  int64_t group_channels() const { return channels / groups; }
  int64_t offset_channels() const { return channels / offset_groups; }
};

// Where one tap of one output samples: four pixels of the input, in the order (top, bottom) x (left, right).
template <typename T>
struct Corners {
  int64_t pixel[4];  // counted through all images; any pixel where the corner lies outside, with no weight
  T weight[4];       // of the bilinear interpolation
  T slope_y[4], slope_x[4];  // of the weights, along the offset's two parts
  T modulation;
};

// The derivative is zero on the border (a coordinate of exactly -1) and beyond, as in the reference; a coordinate that is no number gives
// none.
template <typename T>
inline Corners<T> corners_at(const DeformShape& s, int64_t image, T y, T x, T modulation) {
  Corners<T> c{};
  c.modulation = modulation;
  int64_t first = image * s.height * s.width;
  for (int64_t& pixel : c.pixel) pixel = first;
  if (y <= -1 || x <= -1 || y >= s.height || x >= s.width) return c;
  if (!(y > -1 && x > -1)) {
    for (int k = 0; k < 4; ++k) c.weight[k] = c.slope_y[k] = c.slope_x[k] = y + x;
    return c;
  }
  T top = std::floor(y), left = std::floor(x);
  T share_y[2] = {1 - (y - top), y - top}, share_x[2] = {1 - (x - left), x - left};
  for (int k = 0; k < 4; ++k) {
    int64_t row = static_cast<int64_t>(top) + k / 2, column = static_cast<int64_t>(left) + k % 2;
    if (row < 0 || row >= s.height || column < 0 || column >= s.width) continue;
    c.pixel[k] = first + row * s.width + column;
    c.weight[k] = share_y[k / 2] * share_x[k % 2];
    c.slope_y[k] = (k / 2 ? 1 : -1) * share_x[k % 2];
    c.slope_x[k] = (k % 2 ? 1 : -1) * share_y[k / 2];
  }
  return c;
}

// The corners of outputs [first, last): [row][offset group][tap]. Offsets [N, offset group, tap, (y, x), H, W], modulation [N, offset
// group, tap, H, W] or null.
template <typename T>
void fill_corners(const DeformShape& s, const T* offset, const T* modulation, int64_t first, int64_t last, Corners<T>* corners) {
  int64_t taps = s.taps(), pixels = s.pixels();
  for (int64_t row = first; row < last; ++row) {
    int64_t image = row / pixels, pixel = row % pixels;
    int64_t y = pixel / s.out_width * s.stride - s.padding, x = pixel % s.out_width * s.stride - s.padding;
    for (int64_t group = 0; group < s.offset_groups; ++group) {
      for (int64_t tap = 0; tap < taps; ++tap, ++corners) {
        int64_t plane = (image * s.offset_groups + group) * taps + tap;
        T at_y = static_cast<T>(y + tap / s.taps_x * s.dilation) + offset[plane * 2 * pixels + pixel];
        T at_x = static_cast<T>(x + tap % s.taps_x * s.dilation) + offset[(plane * 2 + 1) * pixels + pixel];
        *corners = corners_at(s, image, at_y, at_x, modulation ? modulation[plane * pixels + pixel] : T(1));
      }
    }
  }
}

// Calls body(offset group, first channel, channels, place in the row of columns) for the longest runs of channels [begin, end) that
// belong to one group of either kind. Columns lie [group][row][tap][channel of the group]; `place` is that of row 0 and tap 0.
template <typename Body>
RETORT_INLINE void for_runs(const DeformShape& s, int64_t rows, int64_t begin, int64_t end, Body&& body) {
  int64_t per_group = s.group_channels(), per_offset = s.offset_channels();
  for (int64_t channel = begin; channel < end;) {
    int64_t next = std::min({end, (channel / per_group + 1) * per_group, (channel / per_offset + 1) * per_offset});
    body(channel / per_offset, channel, next - channel, channel / per_group * rows * s.taps() * per_group + channel % per_group);
    channel = next;
  }
}

}  // namespace retort
