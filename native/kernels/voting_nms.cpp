// Score-voting Cluster-DIoU-NMS on the processor (Zheng et al. 2022, Cluster-NMS, with the score voting of Zhang et al. 2021).
#include "suppression.h"

#include <cmath>

namespace retort {
namespace {

constexpr float kClassOffset = 4000.0f;   // pixels between classes; as in the reference
constexpr float kDiagonalEpsilon = 1e-7f;

RETORT_EXACT_CLONES void overlaps(const Columns& c, int32_t best, int32_t begin, int32_t end, float* iou) {
  const float bx1 = c.x1[best], by1 = c.y1[best], bx2 = c.x2[best], by2 = c.y2[best], barea = c.area[best];
  const float *x1 = c.x1.data(), *y1 = c.y1.data(), *x2 = c.x2.data(), *y2 = c.y2.data(), *area = c.area.data();
  for (int32_t k = begin; k < end; ++k) {
    const float w = std::max(0.0f, std::min(bx2, x2[k]) - std::max(bx1, x1[k]));
    const float h = std::max(0.0f, std::min(by2, y2[k]) - std::max(by1, y1[k]));
    iou[k - begin] = w * h / (barea + area[k] - w * h);
  }
}

// (squared distance of the centres / squared diagonal of the enclosing box) ^ power
float distance_penalty(const Columns& c, int32_t a, int32_t b, float power) {
  const float dx = (c.x1[a] + c.x2[a]) / 2 - (c.x1[b] + c.x2[b]) / 2, dy = (c.y1[a] + c.y2[a]) / 2 - (c.y1[b] + c.y2[b]) / 2;
  const float w = std::max(c.x2[a], c.x2[b]) - std::min(c.x1[a], c.x1[b]), h = std::max(c.y2[a], c.y2[b]) - std::min(c.y1[a], c.y1[b]);
  return std::pow((dx * dx + dy * dy) / (w * w + h * h + kDiagonalEpsilon), power);
}

// The mean of boxes weighted by score and similarity.
struct Vote {
  double weight = 0, sum[4] = {0, 0, 0, 0};
  void add(const float* box, double w) {
    weight += w;
    for (int k = 0; k < 4; ++k) sum[k] += w * box[k];
  }
};

}  // namespace
}  // namespace retort

// As retort_nms, with the similarity IoU - (centre distance)^distance_power. Each kept box becomes the mean of itself and the worse boxes
// of its class that are alike by more than `vote_threshold`, suppressed or not, weighted by score and exp(-(1 - similarity)^2 /
// vote_variance): `voted` [n, 4] gets the boxes in the order of `keep`. A class's boxes reach their final state in one pass from the best
// to the worst, which is the fixed point of the cluster iteration.
RETORT_API int32_t retort_voting_nms(
    const float* boxes, const float* scores, const int32_t* labels, int32_t n, float threshold, float distance_power,
                                     float vote_threshold, float vote_variance, int32_t limit, int32_t* keep, float* voted) {
  using namespace retort;
  if (n <= 0 || limit <= 0) return 0;
  return counted([&]() -> int32_t {
    const std::vector<int32_t> order = by_score(scores, n);
    const Groups groups = group(order, labels, labels != nullptr);
    Columns c = columns(boxes, labels, kClassOffset, order, groups);
    std::vector<int32_t> source(n);
    for (int32_t rank = 0; rank < n; ++rank) source[groups.place[rank]] = order[rank];
    std::vector<float> iou(n);
    const float relevant = std::min(threshold, vote_threshold);
    int32_t kept = 0;
    for (int32_t rank = 0; rank < n && kept < limit; ++rank) {
      const int32_t at = groups.place[rank], end = groups.end[rank];
      if (c.suppressed[at]) continue;
      overlaps(c, at, at + 1, end, iou.data());
      Vote vote;
      vote.add(boxes + 4 * static_cast<int64_t>(order[rank]), scores[order[rank]]);
      for (int32_t k = at + 1; k < end; ++k) {
        if (!(iou[k - at - 1] > relevant)) continue;
        const float similarity = iou[k - at - 1] - distance_penalty(c, at, k, distance_power);
        c.suppressed[k] |= similarity > threshold;
        if (similarity > vote_threshold) {
          vote.add(boxes + 4 * static_cast<int64_t>(source[k]),
              std::exp(-(1 - similarity) * (1 - similarity) / vote_variance) * scores[source[k]]);
        }
      }
      for (int k = 0; k < 4; ++k) voted[4 * kept + k] = static_cast<float>(vote.sum[k] / vote.weight);
      keep[kept++] = order[rank];
    }
    return kept;
  });
}
