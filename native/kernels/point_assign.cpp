// Assignment of objects to points for a whole batch on the processor (Tian et al., FCOS). Only points near an object are looked at.
#include "bridge/bridge.h"
#include "priors.h"

#include <ATen/Parallel.h>
#include <cmath>

namespace retort {
namespace {

struct PointMaps {
  int32_t* owner;
  std::vector<float> area;  // of the owner
};

// Whether a point lies in the middle of a box: within `reach` of its centre, and in the box. Reaches of zero mean the whole box.
bool in_the_middle(float x, float y, const float* box, float reach) {
  const float cx = (box[0] + box[2]) / 2.0f, cy = (box[1] + box[3]) / 2.0f;
  const float left = x - std::max(cx - reach, box[0]), top = y - std::max(cy - reach, box[1]);
  const float right = std::min(cx + reach, box[2]) - x, bottom = std::min(cy + reach, box[3]) - y;
  return std::min(std::min(left, top), std::min(right, bottom)) > 0.0f;
}

void assign_level(const RetortGrid& grid, const Level& level, const RetortTruth& truth, int64_t image, int64_t object, const float* range,
    float reach, PointMaps& maps) {
  const float* box = truth.boxes + 4 * object;
  const float area = (box[2] - box[0]) * (box[3] - box[1]);
  // Zero where the pixel is no number.
  const auto cell = [&](float pixel, int64_t end) { return static_cast<int64_t>(
      std::min(std::max(0.0f, pixel / level.stride), static_cast<float>(end))); };
  const int64_t last_row = std::min(level.height, cell(box[3], level.height) + 1), last_column =
      std::min(level.width, cell(box[2], level.width) + 1);
  for (int64_t row = std::max<int64_t>(cell(box[1], level.height) - 1, 0); row < last_row; ++row) {
    for (int64_t column = std::max<int64_t>(cell(box[0], level.width) - 1, 0); column < last_column; ++column) {
      const int64_t prior = row * level.width + column, place = position(level, truth.images, image, prior);
      const float *point = grid.boxes + 4 * (level.start + prior), x = point[0], y = point[1];
      const float left = x - box[0], top = y - box[1], right = box[2] - x, bottom = box[3] - y;
      if (!(std::min(std::min(left, top), std::min(right, bottom)) > 0.0f)) continue;
      const float farthest = std::max(std::max(left, top), std::max(right, bottom));
      const bool wanted = farthest >= range[0] && farthest <= range[1] && (reach <= 0.0f || in_the_middle(x, y, box, reach));
      if (wanted && (maps.owner[place] < 0 || area < maps.area[place])) {
        maps.owner[place] = static_cast<int32_t>(object);
        maps.area[place] = area;
      }
    }
  }
}

}  // namespace
}  // namespace retort

// Fills level-major maps [L][N, P_level] over points (boxes without extent, one a cell). A point belongs to the smallest object, the first
// on ties, that it lies strictly inside of, within `radius` strides of the centre (0: anywhere), and whose farthest side is at a distance
// within its level's range: ranges [L, 2], pixels, both ends included. owner (object among all of the batch, -1: none), positive (1 with
// owner, else 0).
RETORT_API int retort_point_assign(
    const RetortGrid* grid, const RetortTruth* truth, const float* ranges, float radius, int32_t* owner, float* positive) {
  return retort::guarded([&] {
    const int64_t total = retort::map_size(*grid, truth->images);
    std::fill_n(owner, total, -1);
    retort::PointMaps maps{owner, std::vector<float>(total)};
    retort::for_each_image(*truth, [&](int64_t n) {
      for (int64_t g = truth->offsets[n]; g < truth->offsets[n + 1]; ++g) {
        for (int64_t l = 0; l < grid->level_count; ++l) {
          const retort::Level level = retort::level_of(*grid, l);
          retort::assign_level(*grid, level, *truth, n, g, ranges + 2 * l, radius * level.stride, maps);
        }
      }
    });
    for (int64_t k = 0; k < total; ++k) positive[k] = owner[k] >= 0 ? 1.0f : 0.0f;
  });
}
