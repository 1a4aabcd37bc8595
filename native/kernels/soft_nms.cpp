// Soft-NMS on the processor (Bodla et al. 2017).
#include "suppression.h"
#include "vector_math.h"

namespace retort {
namespace {

enum class Decay : int32_t { kNaive = 0, kLinear = 1, kGaussian = 2 };

constexpr float kGone = -1.0f;  // the score of a box that is chosen already, or fell below the least score

struct SoftRule {
  Decay decay;
  float threshold, sigma, least;
};

// Boxes of one class that are left in the running: a range of columns, and where its best score is.
struct Pool {
  int32_t begin, end, best;
};

RETORT_INLINE float weight_of(float iou, const SoftRule& rule, Decay decay) {
  if (decay == Decay::kGaussian) return exp_of(-iou * iou / rule.sigma);
  return iou >= rule.threshold ? (decay == Decay::kLinear ? 1.0f - iou : 0.0f) : 1.0f;
}

// Lowers the scores in [begin, end) by their overlap with `best`. Boxes without area overlap nothing.
template <Decay decay>
RETORT_INLINE void decay_scores(const Columns& c, int32_t best, int32_t begin, int32_t end, const SoftRule& rule, float* score) {
  const float bx1 = c.x1[best], by1 = c.y1[best], bx2 = c.x2[best], by2 = c.y2[best], barea = c.area[best];
  const float *x1 = c.x1.data(), *y1 = c.y1.data(), *x2 = c.x2.data(), *y2 = c.y2.data(), *area = c.area.data();
  for (int32_t k = begin; k < end; ++k) {
    const float w = std::max(0.0f, std::min(bx2, x2[k]) - std::max(bx1, x1[k]));
    const float h = std::max(0.0f, std::min(by2, y2[k]) - std::max(by1, y1[k]));
    const float inter = w * h, iou = inter > 0.0f ? inter / (barea + area[k] - inter) : 0.0f;
    const float value = score[k] * weight_of(iou, rule, decay);
    score[k] = (score[k] >= rule.least) & (value >= rule.least) ? value : kGone;
  }
}

RETORT_EXACT_CLONES void decay_naive(const Columns& c, int32_t best, int32_t begin, int32_t end, const SoftRule& rule, float* score) {
  decay_scores<Decay::kNaive>(c, best, begin, end, rule, score);
}

RETORT_EXACT_CLONES void decay_linear(const Columns& c, int32_t best, int32_t begin, int32_t end, const SoftRule& rule, float* score) {
  decay_scores<Decay::kLinear>(c, best, begin, end, rule, score);
}

RETORT_EXACT_CLONES void decay_gaussian(const Columns& c, int32_t best, int32_t begin, int32_t end, const SoftRule& rule, float* score) {
  decay_scores<Decay::kGaussian>(c, best, begin, end, rule, score);
}

RETORT_EXACT_CLONES float largest(const float* score, int32_t begin, int32_t end) {
  float best = kGone;
  for (int32_t k = begin; k < end; ++k) best = score[k] > best ? score[k] : best;
  return best;
}

// One pool for each class that has boxes, each sorted by score.
std::vector<Pool> pools(const Groups& groups) {
  const int32_t n = static_cast<int32_t>(groups.place.size());
  std::vector<int32_t> end(n);
  for (int32_t rank = 0; rank < n; ++rank) end[groups.place[rank]] = groups.end[rank];
  std::vector<Pool> result;
  for (int32_t at = 0; at < n; at = end[at]) result.push_back({at, end[at], at});
  return result;
}

}  // namespace
}  // namespace retort

// Chooses the best box, lowers the scores of the boxes that overlap it, and so on, until `limit` boxes are chosen or every score is below
// `least`; the first box stays whatever its score, because scores are looked at when a box was chosen, as in the reference. Writes the
// boxes' indices in the order of choice to `keep` and their lowered scores to `lowered` (room for n each), and returns their
// number. decay: 0 takes boxes from the threshold on away, 1 multiplies their score by 1 - IoU, 2 multiplies every score by
// exp(-IoU^2 / sigma). Labels are as for retort_nms. Only the class of the chosen box is looked at, so that few choices cost little.
RETORT_API int32_t retort_soft_nms(
    const float* boxes, const float* scores, const int32_t* labels, int32_t n, int32_t decay, float threshold,
                                   float sigma, float least, int32_t limit, int32_t* keep, float* lowered) {
  using namespace retort;
  if (n <= 0 || limit <= 0) return 0;
  return counted([&]() -> int32_t {
    // The scores of boxes that are gone lie below every score that counts.
    const SoftRule rule{static_cast<Decay>(decay), threshold, sigma, std::max(least, 0.0f)};
    const auto lower = rule.decay == Decay::kNaive ? decay_naive : rule.decay == Decay::kLinear ? decay_linear : decay_gaussian;
    const Extent numbers = extent(boxes, 4 * static_cast<int64_t>(n));
    const std::vector<int32_t> order = by_score(scores, n);
    const Groups groups = group(order, labels, labels != nullptr && !numbers.negative);
    const Columns c = columns(boxes, labels, numbers.high + 1.0f, order, groups);
    std::vector<int32_t> source(n);
    std::vector<float> score(n);
    for (int32_t rank = 0; rank < n; ++rank) {
      source[groups.place[rank]] = order[rank];
      score[groups.place[rank]] = scores[order[rank]] >= (rank == 0 ? 0.0f : rule.least) ? scores[order[rank]] : kGone;
    }
    std::vector<Pool> running = pools(groups);
    int32_t kept = 0;
    // Of equal scores the box that came first.
    const auto worse = [&](const Pool& a, const Pool& b) {
      return score[a.best] < score[b.best] || (score[a.best] == score[b.best] && source[a.best] > source[b.best]);
    };
    while (kept < limit) {
      Pool& pool = *std::max_element(running.begin(), running.end(), worse);
      const int32_t best = pool.best;
      if (score[best] == kGone) break;
      keep[kept] = source[best];
      lowered[kept++] = score[best];
      score[best] = kGone;
      lower(c, best, pool.begin, pool.end, rule, score.data());
      const float next = largest(score.data(), pool.begin, pool.end);
      pool.best = static_cast<int32_t>(std::find(score.begin() + pool.begin, score.begin() + pool.end, next) - score.begin());
    }
    return kept;
  });
}
