// Exponentials, logarithms and softmax as loops that the compiler turns into vector code.
#pragma once

#include "kernel.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace retort {

// exp by 2^n * e^r, |r| <= ln 2 / 2, within 2 units of the last place; branch-free, so that loops over it become vector code.
RETORT_INLINE float exp_of(float x) {
  x = x < -87.f ? -87.f : x > 88.f ? 88.f : x;
  const float shift = 12582912.f;  // 1.5 * 2^23: adding it rounds to a whole number n, which is then in the low bits of the sum
  float shifted = x * 1.44269504f + shift;
  float n = shifted - shift;
  float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.f;
  // Read from the bits and not cast: a cast of NaN to an integer is undefined.
  uint32_t bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits - 0x4B400000u + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof(power));
  return p * power;
}

RETORT_INLINE double exp_of(double x) { return std::exp(x); }

// log(1 + e) for e in [0, 1], by the series of atanh(e / (2 + e)).
RETORT_INLINE float log1p_of(float e) {
  float s = e / (2.f + e), q = s * s;
  float p = 1.f / 13;
  p = p * q + 1.f / 11;
  p = p * q + 1.f / 9;
  p = p * q + 1.f / 7;
  p = p * q + 1.f / 5;
  p = p * q + 1.f / 3;
  return 2.f * s + 2.f * s * q * p;
}

RETORT_INLINE double log1p_of(double e) { return std::log1p(e); }

constexpr int kLanes = 16;

// Rows are padded to whole vectors with a logit whose probability is zero.
template <typename T>
struct Scratch {
  explicit Scratch(int64_t width) : padded((width + kLanes - 1) / kLanes * kLanes), values(2 * padded) {}
  int64_t padded;
  std::vector<T> values;
};

// Softmax of x * factor in place of `out`; returns the logarithm of the sum of exp(x * factor - largest), and the largest.
template <typename T>
RETORT_INLINE std::pair<T, T> softmax_row(const T* x, int64_t width, int64_t padded, T factor, T* out) {
  T lanes[kLanes];
  for (int64_t k = 0; k < width; ++k) out[k] = x[k] * factor;
  for (int64_t k = width; k < padded; ++k) out[k] = -std::numeric_limits<T>::max();
  for (int j = 0; j < kLanes; ++j) lanes[j] = out[j];
  for (int64_t k = kLanes; k < padded; k += kLanes) {
    for (int j = 0; j < kLanes; ++j) lanes[j] = out[k + j] > lanes[j] ? out[k + j] : lanes[j];
  }
  T largest = lanes[0];
  for (int j = 1; j < kLanes; ++j) largest = lanes[j] > largest ? lanes[j] : largest;
  for (int j = 0; j < kLanes; ++j) lanes[j] = 0;
  for (int64_t k = 0; k < padded; k += kLanes) {
    for (int j = 0; j < kLanes; ++j) {
      out[k + j] = exp_of(out[k + j] - largest);
      lanes[j] += k + j < width ? out[k + j] : T(0);
    }
  }
  T sum = 0;
  for (int j = 0; j < kLanes; ++j) sum += lanes[j];
  T inverse = 1 / sum;
  for (int64_t k = 0; k < padded; ++k) out[k] *= inverse;
  // A NaN among the logits must not get lost in the clamps of the exponential.
  T check = 0;
  for (int64_t k = 0; k < width; ++k) check += x[k] * 0;
  return {std::log(sum) + check, largest};
}

}  // namespace retort
