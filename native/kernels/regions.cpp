// Regions of priors as level-major maps of their value (zero: outside), and their compact form.
#include "bridge/bridge.h"
#include "priors.h"
#include "rotated.h"

#include <ATen/Parallel.h>

#include <numeric>

namespace retort {
namespace {

// IoU, or the intersection over the prior's own area, less the squared distance of centres over the squared diagonal of the hull.
RETORT_EXACT_CLONES void centre_overlaps(const ImagePriors& priors, const float* box, bool over_union, float* result) {
  const float *x1 = priors.x1.data(), *y1 = priors.y1.data(), *x2 = priors.x2.data(), *y2 = priors.y2.data();
  const float bx1 = box[0], by1 = box[1], bx2 = box[2], by2 = box[3];
  const float area = (bx2 - bx1) * (by2 - by1);
  const int64_t count = priors.size();
  for (int64_t k = 0; k < count; ++k) {
    const float width = std::max(std::min(x2[k], bx2) - std::max(x1[k], bx1), 0.0f);
    const float height = std::max(std::min(y2[k], by2) - std::max(y1[k], by1), 0.0f);
    const float overlap = width * height;
    const float own = (x2[k] - x1[k]) * (y2[k] - y1[k]);
    const float divisor = std::max(over_union ? own + area - overlap : own, kOverlapEpsilon);
    const float hull_width = std::max(std::max(x2[k], bx2) - std::min(x1[k], bx1), 0.0f);
    const float hull_height = std::max(std::max(y2[k], by2) - std::min(y1[k], by1), 0.0f);
    const float diagonal = std::max(hull_width * hull_width + hull_height * hull_height, kOverlapEpsilon);
    const float dx = (bx1 + bx2) - (x1[k] + x2[k]), dy = (by1 + by2) - (y1[k] + y2[k]);
    result[k] = overlap / divisor - (dx * dx / 4.0f + dy * dy / 4.0f) / diagonal;
  }
}

// Clears the priors that have an owner; null: none has.
void leave_out(const RetortGrid& grid, const RetortTruth& truth, const int32_t* owner, float* values) {
  for (int64_t k = 0, size = map_size(grid, truth.images); owner && k < size; ++k) {
    if (owner[k] >= 0) values[k] = 0.0f;
  }
}

bool centre_strictly_inside(const ImagePriors& priors, int64_t k, const float* box) {
  const float cx = (priors.x1[k] + priors.x2[k]) / 2.0f, cy = (priors.y1[k] + priors.y2[k]) / 2.0f;
  return cx > box[0] && cy > box[1] && cx < box[2] && cy < box[3];
}

bool strictly_inside(double x, double y, const Rectangle& box) {
  const double dx = x - box.cx, dy = y - box.cy;
  return std::abs(dx * box.ux + dy * box.uy) < box.half_width * box.half_width
      && std::abs(dx * box.vx + dy * box.vy) < box.half_height * box.half_height;
}

}  // namespace
}  // namespace retort

// All regions: values is a level-major map [L][N, P_level].

// Algorithm 1 of Localization Distillation: between gamma times the object's threshold and the threshold itself; the value is the plain
// IoU. owner: as retort_atss_assign gives it, priors with an owner are left out; null leaves none out.
RETORT_API int retort_valuable_region(
    const RetortGrid* grid, const RetortTruth* truth, const float* thresholds, float gamma, int over_union, const int32_t* owner,
        float* values) {
  return retort::guarded([&] {
    std::fill_n(values, retort::map_size(*grid, truth->images), 0.0f);
    retort::for_each_overlap(*grid, *truth, [&](const retort::ImagePriors& priors, const std::vector<float>& iou, int64_t g) {
      std::vector<float> centred(priors.size());
      retort::centre_overlaps(priors, truth->boxes + 4 * g, over_union != 0, centred.data());
      const float low = gamma * thresholds[g];
      for (int64_t k = 0; k < priors.size(); ++k) {
        float& value = values[priors.place[k]];
        if (centred[k] >= low && centred[k] < thresholds[g]) value = std::max(value, iou[k]);
      }
    });
    retort::leave_out(*grid, *truth, owner, values);
  });
}

// One where the IoU with some object is more than `share` of the largest that any prior has with it.
RETORT_API int retort_fine_grained_region(const RetortGrid* grid, const RetortTruth* truth, float share, float* values) {
  return retort::guarded([&] {
    std::fill_n(values, retort::map_size(*grid, truth->images), 0.0f);
    retort::for_each_overlap(*grid, *truth, [&](const retort::ImagePriors& priors, const std::vector<float>& iou, int64_t) {
      const float bound = iou.empty() ? 0.0f : share * *std::max_element(iou.begin(), iou.end());
      for (int64_t k = 0; k < priors.size(); ++k) {
        if (iou[k] > bound) values[priors.place[k]] = 1.0f;
      }
    });
  });
}

// One where the prior's centre lies inside some object: in its box of truth, or where rotated boxes [G, 5] are given in those too, whose
// upright hulls are the boxes of truth. owner as above: priors with an owner are left out; null leaves none out.
RETORT_API int retort_inside_region(
    const RetortGrid* grid, const RetortTruth* truth, const float* rotated, const int32_t* owner, float* values) {
  return retort::guarded([&] {
    std::fill_n(values, retort::map_size(*grid, truth->images), 0.0f);
    retort::for_each_object(*grid, *truth, [&](const retort::ImagePriors& priors, int64_t g) {
      const float none[5] = {};
      const retort::Rectangle turned = retort::rectangle_of(rotated ? rotated + 5 * g : none);
      for (int64_t k = 0; k < priors.size(); ++k) {
        if (!retort::centre_strictly_inside(priors, k, truth->boxes + 4 * g)) continue;
        const double x = (priors.x1[k] + priors.x2[k]) / 2.0, y = (priors.y1[k] + priors.y2[k]) / 2.0;
        if (!rotated || retort::strictly_inside(x, y, turned)) values[priors.place[k]] = 1.0f;
      }
    });
    retort::leave_out(*grid, *truth, owner, values);
  });
}

// One on every prior of an image's own padded area, but zero where `without` (null: nowhere) has a value.
RETORT_API int retort_valid_region(const RetortGrid* grid, const RetortTruth* truth, const float* without, float* values) {
  return retort::guarded([&] {
    std::fill_n(values, retort::map_size(*grid, truth->images), 0.0f);
    for (int64_t n = 0; n < truth->images; ++n) {
      for (int64_t place : retort::ImagePriors(*grid, *truth, n).place) values[place] = without && without[place] > 0.0f ? 0.0f : 1.0f;
    }
  });
}

// Counts the places of a level-major map that hold a value above zero, for each level: counts [L].
RETORT_API int retort_region_count(const RetortGrid* grid, int64_t images, const float* values, int64_t* counts) {
  return retort::guarded([&] {
    for (int64_t l = 0; l < grid->level_count; ++l) {
      const retort::Level level = retort::level_of(*grid, l);
      const float* block = values + images * level.start;
      counts[l] = std::count_if(block, block + images * level.priors, [](float value) { return value > 0.0f; });
    }
  });
}

// Lists the places of a level-major map that hold a value above zero, K in all: their position in the map [K], coordinates [4, K] (image,
// anchor, row, column) and values [K].
RETORT_API int retort_region_compact(
    const RetortGrid* grid, int64_t images, const float* values, int64_t count, int64_t* positions, int64_t* coordinates, float* chosen) {
  return retort::guarded([&] {
    int64_t next = 0;
    for (int64_t l = 0; l < grid->level_count; ++l) {
      const retort::Level level = retort::level_of(*grid, l);
      for (int64_t k = 0; k < images * level.priors; ++k) {
        const float value = values[images * level.start + k];
        if (!(value > 0.0f)) continue;
        const int64_t prior = k % level.priors, cell = prior / grid->per_cell;
        positions[next] = images * level.start + k;
        coordinates[next] = k / level.priors;
        coordinates[count + next] = prior % grid->per_cell;
        coordinates[2 * count + next] = cell / level.width;
        coordinates[3 * count + next] = cell % level.width;
        chosen[next++] = value;
      }
    }
  });
}

// The cells of priors that come ordered by level, image, row, column and anchor, each once: counts [L] of priors, coordinates [4][total]
// and weights [total] of them in; cell_counts [L], cells [4][kept] (anchor 0) and cell_weights [kept], the largest of a cell, out. The
// outputs have room for total cells.
RETORT_API int retort_distinct_cells(
    int64_t levels, const int64_t* counts, const int64_t* coordinates, const float* weights, int64_t* cell_counts, int64_t* cells,
        float* cell_weights) {
  return retort::guarded([&] {
    const int64_t total = std::accumulate(counts, counts + levels, int64_t{0});
    const int64_t *image = coordinates, *row = coordinates + 2 * total, *column = coordinates + 3 * total;
    std::vector<int64_t> first;
    int64_t k = 0;
    for (int64_t level = 0; level < levels; ++level) {
      const size_t before = first.size();
      for (const int64_t begin = k, end = k + counts[level]; k < end; ++k) {
        if (k > begin && image[k] == image[k - 1] && row[k] == row[k - 1] && column[k] == column[k - 1]) {
          float& largest = cell_weights[first.size() - 1];
          largest = std::max(largest, weights[k]);
        } else {
          cell_weights[first.size()] = weights[k];
          first.push_back(k);
        }
      }
      cell_counts[level] = static_cast<int64_t>(first.size() - before);
    }
    for (const int64_t* from : {image, static_cast<const int64_t*>(nullptr), row, column}) {
      for (int64_t place : first) *cells++ = from ? from[place] : 0;
    }
  });
}
