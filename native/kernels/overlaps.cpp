#include "priors.h"

#include <cmath>

namespace retort {
namespace {

RETORT_EXACT_CLONES void wide_overlaps(const ImagePriors& priors, const float* box, float* iou) {
  const float *x1 = priors.x1.data(), *y1 = priors.y1.data(), *x2 = priors.x2.data(), *y2 = priors.y2.data();
  const float bx1 = box[0], by1 = box[1], bx2 = box[2], by2 = box[3];
  const float area = (bx2 - bx1) * (by2 - by1);
  const int64_t count = priors.size();
  for (int64_t k = 0; k < count; ++k) {
    const float width = std::max(std::min(x2[k], bx2) - std::max(x1[k], bx1), 0.0f);
    const float height = std::max(std::min(y2[k], by2) - std::max(y1[k], by1), 0.0f);
    const float overlap = width * height;
    const float joint = (x2[k] - x1[k]) * (y2[k] - y1[k]) + area - overlap;
    iou[k] = overlap / std::max(joint, kOverlapEpsilon);
  }
}

}  // namespace

void box_overlaps(const ImagePriors& priors, const float* box, float* iou) { wide_overlaps(priors, box, iou); }

std::vector<int64_t> ignored_priors(const ImagePriors& priors, const RetortTruth& truth, int64_t image, float share) {
  std::vector<int64_t> chosen;
  const int64_t first = truth.ignored_offsets[image], end = truth.ignored_offsets[image + 1];
  for (int64_t k = 0; k < priors.size() && first < end && std::isfinite(share); ++k) {
    const float area = std::max((priors.x2[k] - priors.x1[k]) * (priors.y2[k] - priors.y1[k]), kOverlapEpsilon);
    for (int64_t i = first; i < end; ++i) {
      const float* box = truth.ignored + 4 * i;
      const float width = std::max(std::min(priors.x2[k], box[2]) - std::max(priors.x1[k], box[0]), 0.0f);
      const float height = std::max(std::min(priors.y2[k], box[3]) - std::max(priors.y1[k], box[1]), 0.0f);
      if (!(width * height / area > share)) continue;
      chosen.push_back(k);
      break;
    }
  }
  return chosen;
}

}  // namespace retort
