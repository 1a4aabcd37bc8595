// What the suppression kernels share: ranking by score, grouping by class, boxes as columns.
#pragma once

#include "bridge/bridge.h"
#include "exact_clones.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

namespace retort {

// Boxes of one class side by side, best first, one array a coordinate so that a row of comparisons vectorises.
struct Columns {
  explicit Columns(size_t n) : x1(n), y1(n), x2(n), y2(n), area(n), suppressed(n, 0) {}
  std::vector<float> x1, y1, x2, y2, area;
  std::vector<int32_t> suppressed;
};

// An integer that grows with the float; total, so that NaN cannot upset the sort (it comes last).
inline uint32_t sort_key(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  if (value != value) return 0;
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

// Best score first; equal scores in the order given.
inline std::vector<int32_t> by_score(const float* scores, int32_t n) {
  std::vector<uint64_t> keys(n);
  for (int32_t k = 0; k < n; ++k) keys[k] = (static_cast<uint64_t>(~sort_key(scores[k])) << 32) | static_cast<uint32_t>(k);
  std::sort(keys.begin(), keys.end());
  std::vector<int32_t> order(n);
  for (int32_t k = 0; k < n; ++k) order[k] = static_cast<int32_t>(keys[k] & 0xFFFFFFFFu);
  return order;
}

// The largest of the numbers, and whether one is negative. What is no number or not finite does not count: it would keep all boxes apart.
struct Extent {
  float high = 0;
  bool negative = false;
};

inline Extent extent(const float* numbers, int64_t count) {
  Extent result{-std::numeric_limits<float>::infinity(), false};
  for (int64_t k = 0; k < count; ++k) {
    if (std::isfinite(numbers[k])) result.high = std::max(result.high, numbers[k]);
    result.negative |= numbers[k] < 0;
  }
  return std::isfinite(result.high) ? result : Extent{0, result.negative};
}

// Runs `body`, which gives a number of boxes; -1 leaves a message for retort_last_error.
template <typename Body>
int32_t counted(Body&& body) {
  int32_t count = 0;
  return guarded([&] { count = body(); }) == 0 ? count : -1;
}

// Where each class begins among boxes sorted by class, and each ranked box's place there.
struct Groups {
  std::vector<int32_t> place, end;
};

// Boxes of different classes cannot meet after the offset if no coordinate is negative; then each class is a group of its own.
inline Groups group(const std::vector<int32_t>& order, const int32_t* labels, bool by_class) {
  const size_t n = order.size();
  Groups groups{std::vector<int32_t>(n), std::vector<int32_t>(n, static_cast<int32_t>(n))};
  if (!by_class) {
    std::iota(groups.place.begin(), groups.place.end(), 0);
    return groups;
  }
  const int32_t classes = 1 + *std::max_element(labels, labels + n);
  std::vector<int32_t> begin(classes + 1, 0);
  for (size_t k = 0; k < n; ++k) ++begin[labels[k] + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<int32_t> next(begin.begin(), begin.end() - 1);
  for (size_t rank = 0; rank < n; ++rank) {
    const int32_t label = labels[order[rank]];
    groups.place[rank] = next[label]++;
    groups.end[rank] = begin[label + 1];
  }
  return groups;
}

inline Columns columns(const float* boxes, const int32_t* labels, float step, const std::vector<int32_t>& order, const Groups& groups) {
  Columns c(order.size());
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const float* box = boxes + 4 * static_cast<int64_t>(order[rank]);
    const float offset = labels ? static_cast<float>(labels[order[rank]]) * step : 0.0f;
    const int32_t at = groups.place[rank];
    c.x1[at] = box[0] + offset;
    c.y1[at] = box[1] + offset;
    c.x2[at] = box[2] + offset;
    c.y2[at] = box[3] + offset;
    c.area[at] = (c.x2[at] - c.x1[at]) * (c.y2[at] - c.y1[at]);
  }
  return c;
}

}  // namespace retort
