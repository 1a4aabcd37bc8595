// Greedy non-maximum suppression on the processor.
#include "bridge/bridge.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RETORT_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define RETORT_CLONES
#endif

namespace retort {
namespace {

// Boxes of one class side by side, best first, one array a coordinate so that a row of comparisons vectorises.
struct Columns {
  explicit Columns(size_t n) : x1(n), y1(n), x2(n), y2(n), area(n), suppressed(n, 0) {}
  std::vector<float> x1, y1, x2, y2, area;
  std::vector<int32_t> suppressed;
};

// Marks the boxes after `best` that overlap it by more than the threshold. The quotient is kept, not a product: results at the
// threshold then equal the reference's.
RETORT_CLONES void suppress(float bx1, float by1, float bx2, float by2, float barea, const float* x1, const float* y1, const float* x2,
                            const float* y2, const float* area, int32_t* suppressed, int64_t count, float threshold) {
  for (int64_t k = 0; k < count; ++k) {
    const float w = std::max(0.0f, std::min(bx2, x2[k]) - std::max(bx1, x1[k]));
    const float h = std::max(0.0f, std::min(by2, y2[k]) - std::max(by1, y1[k]));
    const float inter = w * h;
    suppressed[k] |= inter / (barea + area[k] - inter) > threshold;
  }
}

// An integer that grows with the float; total, so that NaN cannot upset the sort (it comes last).
uint32_t sort_key(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  if (value != value) return 0;
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

// Best score first; equal scores in the order given.
std::vector<int32_t> by_score(const float* scores, int32_t n) {
  std::vector<uint64_t> keys(n);
  for (int32_t k = 0; k < n; ++k) keys[k] = (static_cast<uint64_t>(~sort_key(scores[k])) << 32) | static_cast<uint32_t>(k);
  std::sort(keys.begin(), keys.end());
  std::vector<int32_t> order(n);
  for (int32_t k = 0; k < n; ++k) order[k] = static_cast<int32_t>(keys[k] & 0xFFFFFFFFu);
  return order;
}

// Where each class begins among boxes sorted by class, and each ranked box's place there.
struct Groups {
  std::vector<int32_t> place, end;
};

// Boxes of different classes cannot meet after the offset if no coordinate is negative; then each class is a group of its own.
Groups group(const std::vector<int32_t>& order, const int32_t* labels, bool by_class) {
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

Columns columns(const float* boxes, const int32_t* labels, float step, const std::vector<int32_t>& order, const Groups& groups) {
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

}  // namespace
}  // namespace retort

// Keeps the best boxes: writes to `keep` (room for n) the indices of boxes that no better kept box overlaps by more than the
// threshold, best first, at most `limit`, and returns their number. boxes [n, 4] x1 y1 x2 y2; scores [n]; labels [n], not
// negative, or null: boxes are shifted by label * (largest coordinate + 1), so that classes do not suppress each other.
RETORT_API int32_t retort_nms(const float* boxes, const float* scores, const int32_t* labels, int32_t n, float threshold, int32_t limit, int32_t* keep) {
  using namespace retort;
  if (n <= 0 || limit <= 0) return 0;
  const auto [low, high] = std::minmax_element(boxes, boxes + 4 * static_cast<int64_t>(n));
  const std::vector<int32_t> order = by_score(scores, n);
  const Groups groups = group(order, labels, labels != nullptr && *low >= 0);
  Columns c = columns(boxes, labels, *high + 1.0f, order, groups);
  int32_t kept = 0;
  for (int32_t rank = 0; rank < n && kept < limit; ++rank) {
    const int32_t at = groups.place[rank], rest = at + 1;
    if (c.suppressed[at]) continue;
    keep[kept++] = order[rank];
    suppress(c.x1[at], c.y1[at], c.x2[at], c.y2[at], c.area[at], &c.x1[0] + rest, &c.y1[0] + rest, &c.x2[0] + rest, &c.y2[0] + rest,
             &c.area[0] + rest, &c.suppressed[0] + rest, groups.end[rank] - rest, threshold);
  }
  return kept;
}
