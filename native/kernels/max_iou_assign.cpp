// Assignment by the largest IoU for a whole batch on the processor (RetinaNet, Faster R-CNN), object by object and without a matrix of all
// overlaps: nine anchors a cell and a hundred objects would need some eighty megabytes an image.
#include "bridge/bridge.h"
#include "priors.h"

#include <ATen/Parallel.h>
#include <limits>

namespace retort {
namespace {

struct MaxIouRule {
  float positive, negative, least, ignored;
  bool unmatched_take_all;
};

constexpr int64_t kBlock = 1024;
constexpr int kWide = 8;

// Takes over an object's overlaps where they are larger than those before, so that the first object wins a tie; gives the largest of them.
RETORT_EXACT_CLONES float take_larger(const float* iou, int64_t count, int32_t object, float* best, int32_t* owner) {
  float top[kWide] = {};
  int64_t k = 0;
  for (; k + kWide <= count; k += kWide) {
    for (int j = 0; j < kWide; ++j) {
      const float value = iou[k + j];
      const bool larger = value > best[k + j];
      top[j] = top[j] > value ? top[j] : value;
      best[k + j] = larger ? value : best[k + j];
      owner[k + j] = larger ? object : owner[k + j];
    }
  }
  for (; k < count; ++k) {
    top[0] = std::max(top[0], iou[k]);
    if (iou[k] > best[k]) {
      best[k] = iou[k];
      owner[k] = object;
    }
  }
  return *std::max_element(top, top + kWide);
}

// The priors that an object overlaps most: its own, however little that is.
struct Closest {
  float iou = 0;
  std::vector<int64_t> priors;
};

Closest take_object(const std::vector<float>& iou, int32_t object, bool unmatched_takes_all, float* best, int32_t* owner) {
  const int64_t count = static_cast<int64_t>(iou.size());
  std::vector<float> tops;
  for (int64_t begin = 0; begin < count; begin += kBlock) {
    tops.push_back(take_larger(iou.data() + begin, std::min(kBlock, count - begin), object, best + begin, owner + begin));
  }
  Closest closest;
  closest.iou = tops.empty() ? 0.0f : *std::max_element(tops.begin(), tops.end());
  // An object that overlaps no prior is as far from one as from another: every prior would be "its best".
  if (!(closest.iou > 0.0f) && !unmatched_takes_all) return closest;
  for (size_t b = 0; b < tops.size(); ++b) {
    if (tops[b] != closest.iou) continue;
    const int64_t begin = static_cast<int64_t>(b) * kBlock;
    for (int64_t k = begin; k < std::min(begin + kBlock, count); ++k) {
      if (iou[k] == closest.iou) closest.priors.push_back(k);
    }
  }
  return closest;
}

void assign_by_overlap(
    const RetortGrid& grid, const RetortTruth& truth, int64_t image, const MaxIouRule& rule, int32_t* owner, float* value,
        float* label_weight) {
  const ImagePriors priors(grid, truth, image);
  const int64_t count = priors.size(), first = truth.offsets[image];
  std::vector<float> iou(count), best(count, 0.0f);
  std::vector<int32_t> object(count, -1);
  const std::vector<int64_t> ignored = ignored_priors(priors, truth, image, rule.ignored);
  std::vector<Closest> closest;
  for (int64_t g = first; g < truth.offsets[image + 1]; ++g) {
    box_overlaps(priors, truth.boxes + 4 * g, iou.data());
    for (int64_t k : ignored) iou[k] = -1.0f;
    closest.push_back(take_object(iou, static_cast<int32_t>(g), rule.unmatched_take_all, best.data(), object.data()));
  }
  for (int64_t k = 0; k < count; ++k) {
    const int64_t place = priors.place[k];
    const bool positive = best[k] >= rule.positive && object[k] >= 0;
    label_weight[place] = positive || best[k] < rule.negative ? 1.0f : 0.0f;
    if (positive) {
      owner[place] = object[k];
      value[place] = best[k];
    }
  }
  for (int64_t k : ignored) label_weight[priors.place[k]] = 0.0f;
  for (size_t g = 0; g < closest.size(); ++g) {
    if (closest[g].iou < rule.least) continue;
    for (int64_t k : closest[g].priors) {
      const int64_t place = priors.place[k];
      owner[place] = static_cast<int32_t>(first + g);
      // A positive is told by its value, so that of one without overlap is the smallest there is.
      value[place] = std::max(closest[g].iou, std::numeric_limits<float>::min());
      label_weight[place] = 1.0f;
    }
  }
}

}  // namespace
}  // namespace retort

// Fills level-major maps [L][N, P_level]. A prior belongs to the object that it overlaps most, if by at least `positive`; below `negative`
// it is background, between the two ignored. Then, object by object, all priors that share the largest overlap with it become its own,
// where that is at least `least`; a later object takes them from an earlier one. owner (object among all of the batch, -1: none), iou (of
// prior and owner; 0: none), label_weight (0 where ignored or off the image's own padded area). Priors that lie by more than the share
// `ignored` in an ignored box are ignored, whatever object they overlap. unmatched_take_all: all others become the own of an object that
// overlaps none.
RETORT_API int retort_max_iou_assign(
    const RetortGrid* grid, const RetortTruth* truth, float positive, float negative, float least, float ignored, int unmatched_take_all,
        int32_t* owner,
    float* iou, float* label_weight) {
  return retort::guarded([&] {
    const int64_t total = retort::map_size(*grid, truth->images);
    std::fill_n(owner, total, -1);
    std::fill_n(iou, total, 0.0f);
    std::fill_n(label_weight, total, 0.0f);
    retort::for_each_image(*truth, [&](int64_t n) {
      retort::assign_by_overlap(*grid, *truth, n, {positive, negative, least, ignored, unmatched_take_all != 0}, owner, iou, label_weight);
    });
  });
}
