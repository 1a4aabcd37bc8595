// Overlaps and greedy suppression of rectangles in any direction.
#include "rotated.h"
#include "suppression.h"

#include <ATen/Parallel.h>

#include <utility>

namespace retort {
namespace {

std::vector<Rectangle> rectangles(const float* boxes, int64_t count) {
  std::vector<Rectangle> result(count);
  for (int64_t k = 0; k < count; ++k) result[k] = rectangle_of(boxes + 5 * k);
  return result;
}

// Boxes are compared in blocks of the best that are left, so that the threads meet once a block and not once a box.
constexpr int32_t kBlock = 64;

// A block is compared on several threads where it takes longer than they may have to wait for one another on a busy machine: so many pairs
// are some milliseconds.
constexpr int64_t kPairsForThreads = 1 << 18;

// What has no area, or numbers that are none, overlaps nothing.
bool can_overlap(const Rectangle& box) { return box.area >= kLeastRectangle && std::isfinite(box.cx) && std::isfinite(box.reach_x); }

// The boxes that can overlap anything, from left to right: those near a box stand together. Classes, which are shifted along x, do too.
class Strip {
 public:
  explicit Strip(const std::vector<Rectangle>& boxes) {
    for (size_t k = 0; k < boxes.size(); ++k) {
      if (can_overlap(boxes[k])) ranks_.push_back(static_cast<int32_t>(k));
    }
    std::sort(ranks_.begin(), ranks_.end(), [&](int32_t a, int32_t b) { return boxes[a].cx < boxes[b].cx; });
    for (int32_t rank : ranks_) {
      centres_.push_back(boxes[rank].cx);
      reach_ = std::max(reach_, static_cast<double>(boxes[rank].reach_x));
    }
  }

  // Leaves out ranks for which a condition does not hold.
  template <typename Condition>
  void keep(Condition condition) {
    size_t kept = 0;
    for (size_t place = 0; place < ranks_.size(); ++place) {
      if (!condition(ranks_[place])) continue;
      ranks_[kept] = ranks_[place];
      centres_[kept++] = centres_[place];
    }
    ranks_.resize(kept);
    centres_.resize(kept);
  }

  int64_t size() const { return static_cast<int64_t>(ranks_.size()); }
  int32_t rank(int64_t place) const { return ranks_[place]; }

  // Places, from the first to one past the last, of all that a box can overlap; the margin is that of the overlaps' own tests, and some.
  std::pair<int64_t, int64_t> near(const Rectangle& box) const {
    if (!can_overlap(box)) return {0, 0};
    const double reach = box.reach_x + reach_ + 1e-2;
    const auto from = std::lower_bound(centres_.begin(), centres_.end(), box.cx - reach);
    return {from - centres_.begin(), std::upper_bound(from, centres_.end(), box.cx + reach) - centres_.begin()};
  }

 private:
  std::vector<int32_t> ranks_;
  std::vector<double> centres_;
  double reach_ = 0;
};

// Ranked boxes with the flag of those that a better kept one suppresses.
struct Ranked {
  std::vector<Rectangle> boxes;
  std::vector<uint8_t> suppressed;
  double threshold;

  bool meet(const Rectangle& a, const Rectangle& b) const { return !surely_below(a, b, threshold) && overlap(a, b, false) > threshold; }

  // Settles the ranks from begin to end, which no earlier block has suppressed, and returns those that stay.
  std::vector<int32_t> settle(int32_t begin, int32_t end) {
    std::vector<int32_t> kept;
    for (int32_t k = begin; k < end; ++k) {
      if (!suppressed[k]) suppressed[k] =
          std::any_of(kept.begin(), kept.end(), [&](int32_t better) { return meet(boxes[better], boxes[k]); });
      if (!suppressed[k]) kept.push_back(k);
    }
    return kept;
  }

  // Suppresses what a block's kept boxes overlap of the ranks from begin on; the strip is left with those that may still stay.
  void suppress(Strip& strip, const std::vector<int32_t>& kept, int32_t begin) {
    strip.keep([&](int32_t rank) { return rank >= begin && !suppressed[rank]; });
    std::vector<std::pair<int64_t, int64_t>> places;
    int64_t pairs = 0;
    for (int32_t better : kept) {
      places.push_back(strip.near(boxes[better]));
      pairs += places.back().second - places.back().first;
    }
    const auto compare = [&](const Rectangle better, int64_t from, int64_t to) {  // a copy, which the flags cannot be a part of
      for (int64_t place = from; place < to; ++place) {
        const int32_t worse = strip.rank(place);
        if (!suppressed[worse] && meet(better, boxes[worse])) suppressed[worse] = 1;
      }
    };
    // So few places at a time that their boxes and the kept ones stay in the nearest cache.
    const auto part = [&](int64_t from, int64_t to) {
      for (int64_t tile = from; tile < to; tile += kBlock) {
        for (size_t k = 0; k < kept.size();
            ++k) compare(boxes[kept[k]], std::max(tile, places[k].first), std::min({tile + kBlock, to, places[k].second}));
      }
    };
    if (pairs < kPairsForThreads) {
      part(0, strip.size());
    } else {
      at::parallel_for(0, strip.size(), kBlock, part);
    }
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

// Overlaps of boxes [m, 5] with others [n, 5]: result [m, n], or [m] where aligned (then m = n). Over the union, or over the first box's
// area.
RETORT_API int retort_rotated_overlaps(
    const float* first, int64_t m, const float* second, int64_t n, int over_first, int aligned, float* result) {
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
RETORT_API int32_t retort_rotated_nms(
    const float* boxes, const float* scores, const int32_t* labels, int32_t n, float threshold, int32_t limit, int32_t* keep) {
  using namespace retort;
  if (n <= 0 || limit <= 0) return 0;
  return counted([&]() -> int32_t {
    const std::vector<int32_t> order = by_score(scores, n);
    Ranked all = ranked(boxes, labels, order, threshold);
    Strip strip(all.boxes);
    int32_t count = 0;
    for (int32_t begin = 0; begin < n && count < limit; begin += kBlock) {
      const int32_t end = std::min(begin + kBlock, n);
      const std::vector<int32_t> kept = all.settle(begin, end);
      for (size_t k = 0; k < kept.size() && count < limit; ++k) keep[count++] = order[kept[k]];
      if (count < limit) all.suppress(strip, kept, end);
    }
    return count;
  });
}
