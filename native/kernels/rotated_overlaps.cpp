// Overlaps and greedy suppression of rectangles in any direction.
#include "rotated.h"
#include "suppression.h"

#include <ATen/Parallel.h>

namespace retort {
namespace {

std::vector<Rectangle> rectangles(const float* boxes, int64_t count) {
  std::vector<Rectangle> result(count);
  for (int64_t k = 0; k < count; ++k) result[k] = rectangle_of(boxes + 5 * k);
  return result;
}

// Boxes are compared in blocks of the best that are left, so that the threads meet once a block and not once a box.
constexpr int32_t kBlock = 64;

// Ranked boxes with the flag of those that a better kept one suppresses.
struct Ranked {
  std::vector<Rectangle> boxes;
  std::vector<uint8_t> suppressed;
  double threshold;

  bool meets(int32_t better, int32_t worse) const {
    const Rectangle &a = boxes[better], &b = boxes[worse];
    return !surely_below(a, b, threshold) && overlap(a, b, false) > threshold;
  }

  // Settles the ranks from begin to end, which no earlier block has suppressed, and returns those that stay.
  std::vector<int32_t> settle(int32_t begin, int32_t end) {
    std::vector<int32_t> kept;
    for (int32_t k = begin; k < end; ++k) {
      if (!suppressed[k]) suppressed[k] = std::any_of(kept.begin(), kept.end(), [&](int32_t better) { return meets(better, k); });
      if (!suppressed[k]) kept.push_back(k);
    }
    return kept;
  }

  void suppress(const std::vector<int32_t>& kept, int32_t begin) {
    at::parallel_for(begin, static_cast<int64_t>(boxes.size()), kBlock, [&](int64_t from, int64_t to) {
      for (int64_t k = from; k < to; ++k) {
        if (!suppressed[k]) suppressed[k] = std::any_of(kept.begin(), kept.end(), [&](int32_t better) { return meets(better, static_cast<int32_t>(k)); });
      }
    });
  }
};

Ranked ranked(const float* boxes, const int32_t* labels, const std::vector<int32_t>& order, float threshold) {
  const int64_t n = static_cast<int64_t>(order.size());
  const float step = extent(boxes, 5 * n).high + 1.0f;
  Ranked result{std::vector<Rectangle>(n), std::vector<uint8_t>(n, 0), threshold};
  for (int64_t rank = 0; rank < n; ++rank) {
    float box[5];
    std::copy_n(boxes + 5 * static_cast<int64_t>(order[rank]), 5, box);
    const float offset = labels ? static_cast<float>(labels[order[rank]]) * step : 0.0f;
    box[0] += offset;
    box[1] += offset;
    result.boxes[rank] = rectangle_of(box);
  }
  return result;
}

}  // namespace
}  // namespace retort

// Overlaps of boxes [m, 5] with others [n, 5]: result [m, n], or [m] where aligned (then m = n). Over the union, or over the first box's area.
RETORT_API int retort_rotated_overlaps(const float* first, int64_t m, const float* second, int64_t n, int over_first, int aligned, float* result) {
  return retort::guarded([&] {
    const std::vector<retort::Rectangle> a = retort::rectangles(first, m), b = retort::rectangles(second, n);
    at::parallel_for(0, m, std::max<int64_t>(1, aligned ? 1024 : 8192 / std::max<int64_t>(n, 1)), [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        if (aligned) result[k] = static_cast<float>(retort::overlap(a[k], b[k], over_first != 0));
        for (int64_t j = 0; !aligned && j < n; ++j) result[k * n + j] = static_cast<float>(retort::overlap(a[k], b[j], over_first != 0));
      }
    });
  });
}

// As retort_nms for boxes [n, 5]; the shift of the classes is label * (largest of all numbers + 1), on both coordinates of the centre.
RETORT_API int32_t retort_rotated_nms(const float* boxes, const float* scores, const int32_t* labels, int32_t n, float threshold, int32_t limit, int32_t* keep) {
  using namespace retort;
  if (n <= 0 || limit <= 0) return 0;
  return counted([&]() -> int32_t {
    const std::vector<int32_t> order = by_score(scores, n);
    Ranked all = ranked(boxes, labels, order, threshold);
    int32_t count = 0;
    for (int32_t begin = 0; begin < n && count < limit; begin += kBlock) {
      const int32_t end = std::min(begin + kBlock, n);
      const std::vector<int32_t> kept = all.settle(begin, end);
      for (size_t k = 0; k < kept.size() && count < limit; ++k) keep[count++] = order[kept[k]];
      if (count < limit) all.suppress(kept, end);
    }
    return count;
  });
}
