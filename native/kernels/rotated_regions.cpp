// The valuable localization region of rotated boxes: as published, with plain boxes, and as the paper's Algorithm 1 with rotated overlaps.
#include "bridge/bridge.h"
#include "priors.h"
#include "rotated.h"

#include <ATen/Parallel.h>

namespace retort {
namespace {

// Priors as rectangles; made for those that are asked for only.
struct Upright {
  const ImagePriors& priors;

  Rectangle operator[](int64_t k) const {
    const float box[5] = {(priors.x1[k] + priors.x2[k]) / 2, (priors.y1[k] + priors.y2[k]) / 2, priors.x2[k] - priors.x1[k],
        priors.y2[k] - priors.y1[k], 0};
    return rectangle_of(box);
  }
};

// The largest rotated overlap that two boxes can have, given the upright boxes around them.
float overlap_bound(const ImagePriors& priors, int64_t k, const float* around, double area) {
  const double width = std::min(priors.x2[k], around[2]) - std::max(priors.x1[k], around[0]);
  const double height = std::min(priors.y2[k], around[3]) - std::max(priors.y1[k], around[1]);
  if (!(width > 0 && height > 0)) return 0;
  const double own = static_cast<double>(priors.x2[k] - priors.x1[k]) * (priors.y2[k] - priors.y1[k]);
  const double shared = std::min(width * height, std::min(own, area));
  return static_cast<float>(shared / (own + area - shared));
}

// Squared distance of the centres over the squared diagonal of the upright hull.
float centre_term(const ImagePriors& priors, int64_t k, const float* around, const Rectangle& object) {
  const double dx = (priors.x1[k] + priors.x2[k]) / 2.0 - object.cx, dy = (priors.y1[k] + priors.y2[k]) / 2.0 - object.cy;
  const double width = std::max(priors.x2[k], around[2]) - std::min(priors.x1[k], around[0]);
  const double height = std::max(priors.y2[k], around[3]) - std::min(priors.y1[k], around[1]);
  return static_cast<float>((dx * dx + dy * dy) / std::max(width * width + height * height, static_cast<double>(kOverlapEpsilon)));
}

void add_object(const ImagePriors& priors, const float* around, const float* box, const float* given, int64_t topk, float gamma,
    std::vector<float>& iou, float* values) {
  const Upright upright{priors};
  const Rectangle object = rectangle_of(box);
  const std::vector<int64_t> candidates = given ? std::vector<int64_t>() : nearest_priors(priors, around, topk);
  for (int64_t k : candidates) iou[k] = static_cast<float>(overlap(upright[k], object, false));
  const float threshold = given ? *given : adaptive_threshold(iou, candidates), low = gamma * threshold;
  for (int64_t k = 0; k < priors.size(); ++k) {
    const float penalty = centre_term(priors, k, around, object), bound = overlap_bound(priors, k, around, object.area);
    if (!(bound > 0) || bound - penalty < low) continue;
    const float exact = static_cast<float>(overlap(upright[k], object, false)), centred = exact - penalty;
    float& value = values[priors.place[k]];
    if (centred >= low && centred < threshold) value = std::max(value, exact);
  }
}

}  // namespace
}  // namespace retort

// values: level-major maps [L][N, P_level] of the IoU of prior and object, zero outside of the region.

// Priors whose IoU with an object is at least gamma times its threshold, without an upper bound.
RETORT_API int retort_overlap_region(
    const RetortGrid* grid, const RetortTruth* truth, const float* thresholds, float gamma, float* values) {
  return retort::guarded([&] {
    std::fill_n(values, retort::map_size(*grid, truth->images), 0.0f);
    retort::for_each_overlap(*grid, *truth, [&](const retort::ImagePriors& priors, const std::vector<float>& iou, int64_t g) {
      const float low = gamma * thresholds[g];
      for (int64_t k = 0; k < priors.size(); ++k) {
        float& value = values[priors.place[k]];
        if (iou[k] >= low) value = std::max(value, iou[k]);
      }
    });
  });
}

// Between gamma times an object's threshold and the threshold, by the rotated IoU less the centre term; thresholds [G], or null for those
// of ATSS with rotated IoU. rotated: [G, 5], the boxes that truth has the upright hulls of.
RETORT_API int retort_rotated_valuable_region(
    const RetortGrid* grid, const RetortTruth* truth, const float* rotated, const float* thresholds, int64_t topk, float gamma,
        float* values) {
  return retort::guarded([&] {
    std::fill_n(values, retort::map_size(*grid, truth->images), 0.0f);
    retort::for_each_image(*truth, [&](int64_t n) {
      const retort::ImagePriors priors(*grid, *truth, n);
      std::vector<float> iou(priors.size());
      for (int64_t g = truth->offsets[n]; g < truth->offsets[n + 1]; ++g) {
        retort::add_object(priors, truth->boxes + 4 * g, rotated + 5 * g, thresholds ? thresholds + g : nullptr, topk, gamma, iou, values);
      }
    });
  });
}
