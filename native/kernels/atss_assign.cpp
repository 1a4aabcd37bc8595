// Adaptive training sample selection for a whole batch on the processor (Zhang et al., ATSS, Algorithm 1).
#include "bridge/bridge.h"
#include "priors.h"

#include <ATen/Parallel.h>
#include <cmath>
#include <limits>
#include <utility>

namespace retort {
namespace {

constexpr float kInsideMargin = 0.01f;
using Candidate = std::pair<float, int64_t>;

// The nearest priors of one level. The published code takes the tensor library's top-k, whose choice among equal distances follows from
// exactly these calls; equal distances are common, because objects are often centred between cells.
void nearest(std::vector<Candidate>& all, int64_t wanted, std::vector<int64_t>& chosen) {
  const int64_t count = static_cast<int64_t>(all.size());
  const int64_t k = std::min(wanted, count);
  const auto closer = [](const Candidate& a, const Candidate& b) { return a.first < b.first; };
  if (k * 64 <= count) {
    std::partial_sort(all.begin(), all.begin() + k, all.end(), closer);
  } else if (k > 0) {
    std::nth_element(all.begin(), all.begin() + k - 1, all.end(), closer);
    std::sort(all.begin(), all.begin() + k - 1, closer);
  }
  for (int64_t j = 0; j < k; ++j) chosen.push_back(all[j].second);
}

}  // namespace

std::vector<int64_t> nearest_priors(const ImagePriors& priors, const float* box, int64_t wanted, const std::vector<int64_t>& last) {
  const float cx = (box[0] + box[2]) / 2.0f, cy = (box[1] + box[3]) / 2.0f;
  std::vector<int64_t> chosen;
  std::vector<Candidate> all;
  auto far = last.begin();
  for (size_t l = 0; l + 1 < priors.level_begin.size(); ++l) {
    all.clear();
    for (int64_t k = priors.level_begin[l]; k < priors.level_begin[l + 1]; ++k) {
      const float dx = (priors.x1[k] + priors.x2[k]) / 2.0f - cx, dy = (priors.y1[k] + priors.y2[k]) / 2.0f - cy;
      all.emplace_back(std::sqrt(dx * dx + dy * dy), k);
    }
    for (; far != last.end() && *far < priors.level_begin[l + 1];
        ++far) all[*far - priors.level_begin[l]].first = std::numeric_limits<float>::infinity();
    nearest(all, wanted, chosen);
  }
  return chosen;
}

// Mean plus unbiased deviation of the candidates' IoU: sixteen at a time in float32 for the mean, double for the deviation.
float adaptive_threshold(const std::vector<float>& iou, const std::vector<int64_t>& candidates) {
  if (candidates.empty()) return 0.0f;
  const size_t count = candidates.size();
  float block = 0, blocks = 0;
  double exact = 0, squares = 0;
  for (size_t k = 0; k < count; ++k) {
    block += iou[candidates[k]];
    exact += iou[candidates[k]];
    if (k % 16 == 15) {
      blocks += block;
      block = 0;
    }
  }
  for (int64_t k : candidates) squares += (iou[k] - exact / count) * (iou[k] - exact / count);
  const float mean = (block + blocks) / static_cast<float>(count);
  return mean + (count > 1 ? static_cast<float>(std::sqrt(squares / (count - 1))) : 0.0f);
}

namespace {

bool centre_inside(const ImagePriors& priors, int64_t k, const float* box) {
  const float cx = (priors.x1[k] + priors.x2[k]) / 2.0f, cy = (priors.y1[k] + priors.y2[k]) / 2.0f;
  return std::min(std::min(cx - box[0], cy - box[1]), std::min(box[2] - cx, box[3] - cy)) > kInsideMargin;
}

struct AtssRule {
  int64_t topk;
  float ignored;
};

void assign_image(const RetortGrid& grid, const RetortTruth& truth, int64_t image, const AtssRule& rule, int32_t* owner, float* best,
    float* label_weight, float* thresholds) {
  const ImagePriors priors(grid, truth, image);
  for (int64_t place : priors.place) label_weight[place] = 1.0f;
  const std::vector<int64_t> ignored = ignored_priors(priors, truth, image, rule.ignored);
  for (int64_t k : ignored) label_weight[priors.place[k]] = 0.0f;
  std::vector<float> iou(priors.size());
  for (int64_t g = truth.offsets[image]; g < truth.offsets[image + 1]; ++g) {
    const float* box = truth.boxes + 4 * g;
    box_overlaps(priors, box, iou.data());
    const std::vector<int64_t> chosen = nearest_priors(priors, box, rule.topk, ignored);
    thresholds[g] = adaptive_threshold(iou, chosen);
    for (int64_t k : chosen) {
      const int64_t place = priors.place[k];
      if (iou[k] >= thresholds[g] && centre_inside(priors, k, box) && (owner[place] < 0 || iou[k] > best[place])) {
        owner[place] = static_cast<int32_t>(g);
        best[place] = iou[k];
        label_weight[place] = 1.0f;
      }
    }
  }
}

}  // namespace
}  // namespace retort

// Fills level-major maps [L][N, P_level]: owner (object among all of the batch, -1 for background), iou of prior and owner (0 for
// background), label_weight (1 on the image's own padded area, 0 elsewhere), and the IoU threshold of each object [G]. Priors that lie by
// more than the share `ignored` in an ignored box come last among the candidates and have no weight, but on a level of few priors they are
// candidates still, and positive where they reach the threshold, as in the published code.
RETORT_API int retort_atss_assign(
    const RetortGrid* grid, const RetortTruth* truth, int64_t topk, float ignored, int32_t* owner, float* iou, float* label_weight,
        float* thresholds) {
  return retort::guarded([&] {
    const int64_t total = retort::map_size(*grid, truth->images);
    std::fill_n(owner, total, -1);
    std::fill_n(iou, total, 0.0f);
    std::fill_n(label_weight, total, 0.0f);
    retort::for_each_image(*truth, [&](int64_t n) { retort::assign_image(
        *grid, *truth, n, {topk, ignored}, owner, iou, label_weight, thresholds); });
  });
}

// The IoU threshold that ATSS gives each object [G], for regions of detectors that assign otherwise.
RETORT_API int retort_atss_thresholds(const RetortGrid* grid, const RetortTruth* truth, int64_t topk, float* thresholds) {
  return retort::guarded([&] {
    retort::for_each_overlap(*grid, *truth, [&](const retort::ImagePriors& priors, const std::vector<float>& iou, int64_t g) {
      thresholds[g] = retort::adaptive_threshold(iou, retort::nearest_priors(priors, truth->boxes + 4 * g, topk));
    });
  });
}
