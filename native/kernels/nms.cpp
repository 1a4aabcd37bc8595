// Greedy non-maximum suppression on the processor.
#include "suppression.h"

namespace retort {
namespace {

// Marks the boxes after `best` that overlap it by more than the threshold. The quotient is kept, not a product: results at the
// threshold then equal the reference's.
RETORT_EXACT_CLONES void suppress(
    float bx1, float by1, float bx2, float by2, float barea, const float* x1, const float* y1, const float* x2,
                            const float* y2, const float* area, int32_t* suppressed, int64_t count, float threshold) {
  for (int64_t k = 0; k < count; ++k) {
    const float w = std::max(0.0f, std::min(bx2, x2[k]) - std::max(bx1, x1[k]));
    const float h = std::max(0.0f, std::min(by2, y2[k]) - std::max(by1, y1[k]));
    const float inter = w * h;
    suppressed[k] |= inter / (barea + area[k] - inter) > threshold;
  }
}

}  // namespace
}  // namespace retort

// Keeps the best boxes: writes to `keep` (room for n) the indices of boxes that no better kept box overlaps by more than the
// threshold, best first, at most `limit`, and returns their number. boxes [n, 4] x1 y1 x2 y2; scores [n]; labels [n], not
// negative, or null: boxes are shifted by label * (largest coordinate + 1), so that classes do not suppress each other.
// A box with a number that is not finite suppresses none. -1, of all suppressions, is an error.
RETORT_API int32_t retort_nms(
    const float* boxes, const float* scores, const int32_t* labels, int32_t n, float threshold, int32_t limit, int32_t* keep) {
  using namespace retort;
  if (n <= 0 || limit <= 0) return 0;
  return counted([&]() -> int32_t {
    const Extent numbers = extent(boxes, 4 * static_cast<int64_t>(n));
    const std::vector<int32_t> order = by_score(scores, n);
    const Groups groups = group(order, labels, labels != nullptr && !numbers.negative);
    Columns c = columns(boxes, labels, numbers.high + 1.0f, order, groups);
    int32_t kept = 0;
    for (int32_t rank = 0; rank < n && kept < limit; ++rank) {
      const int32_t at = groups.place[rank], rest = at + 1;
      if (c.suppressed[at]) continue;
      keep[kept++] = order[rank];
      suppress(c.x1[at], c.y1[at], c.x2[at], c.y2[at], c.area[at], &c.x1[0] + rest, &c.y1[0] + rest, &c.x2[0] + rest, &c.y2[0] + rest,
               &c.area[0] + rest, &c.suppressed[0] + rest, groups.end[rank] - rest, threshold);
    }
    return kept;
  });
}
