// The layout that assignment and regions share: the priors of a pyramid, a batch of ground truth, and how maps over both are laid out.
#pragma once

#include "exact_clones.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>
#include <vector>

extern "C" {

// Priors of all levels, finest first; within a level by row, column, anchor.
struct RetortGrid {
  const float* boxes;      // [P, 4] x1 y1 x2 y2
  const int64_t* levels;   // [L, 4] height, width, stride, index of the first prior
  int64_t level_count;
  int64_t per_cell;        // anchors a cell
  float border;            // pixels that a prior may reach out of its image; negative: any
};

// The objects of all images in turn.
struct RetortTruth {
  int64_t images;
  const int64_t* pads;     // [N, 2] height and width of each padded image, pixels
  const int64_t* sizes;    // [N, 2] those of each image proper
  const float* boxes;      // [G, 4]
  const int64_t* offsets;  // [N + 1] where each image's objects begin
  const float* ignored;    // [I, 4] what is neither object nor background
  const int64_t* ignored_offsets;  // [N + 1] where each image's ignored boxes begin
};

}  // extern "C"

namespace retort {

struct Level {
  int64_t height, width, stride, start, priors;
};

inline Level level_of(const RetortGrid& grid, int64_t index) {
  const int64_t* row = grid.levels + 4 * index;
  return {row[0], row[1], row[2], row[3], row[0] * row[1] * grid.per_cell};
}

// Priors of one image.
inline int64_t prior_count(const RetortGrid& grid) {
  const Level last = level_of(grid, grid.level_count - 1);
  return last.start + last.priors;
}

// Elements of a map over (level, image, prior).
inline int64_t map_size(const RetortGrid& grid, int64_t images) { return images * prior_count(grid); }

// Maps over (level, image, prior) are level-major, so that each level is one [N, P_level] block.
inline int64_t position(const Level& level, int64_t images, int64_t image, int64_t prior) {
  return images * level.start + image * level.priors + prior;
}

// The priors of one image that lie on its own padded area, and do not reach too far out of it, as a structure of arrays.
struct ImagePriors {
  std::vector<float> x1, y1, x2, y2;
  std::vector<int64_t> place;        // position in a level-major map
  std::vector<int64_t> level_begin;  // L + 1

  ImagePriors(const RetortGrid& grid, const RetortTruth& truth, int64_t image) {
    for (std::vector<float>* side : {&x1, &y1, &x2, &y2}) side->reserve(prior_count(grid));
    place.reserve(prior_count(grid));
    for (int64_t l = 0; l < grid.level_count; ++l) {
      level_begin.push_back(static_cast<int64_t>(place.size()));
      const Level level = level_of(grid, l);
      const int64_t rows = std::min(level.height, (truth.pads[2 * image] + level.stride - 1) / level.stride);
      const int64_t columns = std::min(level.width, (truth.pads[2 * image + 1] + level.stride - 1) / level.stride);
      for (int64_t row = 0; row < rows; ++row) add_row(grid, level, truth, image, row * level.width, columns);
    }
    level_begin.push_back(static_cast<int64_t>(place.size()));
  }

  int64_t size() const { return static_cast<int64_t>(place.size()); }

 private:
  // Left and upper edge may lie on the border, right and lower one not, as in the published code.
  static bool within(const float* box, float border, const int64_t* size) {
    if (border < 0) return true;
    return box[0] >= -border && box[1] >= -border && box[2] < size[1] + border && box[3] < size[0] + border;
  }

  void add_row(const RetortGrid& grid, const Level& level, const RetortTruth& truth, int64_t image, int64_t cell, int64_t columns) {
    for (int64_t p = cell * grid.per_cell; p < (cell + columns) * grid.per_cell; ++p) {
      const float* box = grid.boxes + 4 * (level.start + p);
      if (!within(box, grid.border, truth.sizes + 2 * image)) continue;
      x1.push_back(box[0]);
      y1.push_back(box[1]);
      x2.push_back(box[2]);
      y2.push_back(box[3]);
      place.push_back(position(level, truth.images, image, p));
    }
  }
};

// Calls body(image) for each image, in parallel.
template <typename Body>
void for_each_image(const RetortTruth& truth, Body&& body) {
  at::parallel_for(0, truth.images, 1, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) body(n);
  });
}

// Calls body(priors, object) for each object of each image, images in parallel.
template <typename Body>
void for_each_object(const RetortGrid& grid, const RetortTruth& truth, Body&& body) {
  for_each_image(truth, [&](int64_t n) {
    const ImagePriors priors(grid, truth, n);
    for (int64_t g = truth.offsets[n]; g < truth.offsets[n + 1]; ++g) body(priors, g);
  });
}

// The operation order of these is part of the contract: float32 ties between anchors decide assignments.
constexpr float kOverlapEpsilon = 1e-6f;

// IoU of every prior with one box.
void box_overlaps(const ImagePriors& priors, const float* box, float* iou);

// As for_each_object, with the IoU of every prior with the object: body(priors, iou, object).
template <typename Body>
void for_each_overlap(const RetortGrid& grid, const RetortTruth& truth, Body&& body) {
  for_each_image(truth, [&](int64_t n) {
    const ImagePriors priors(grid, truth, n);
    std::vector<float> iou(priors.size());
    for (int64_t g = truth.offsets[n]; g < truth.offsets[n + 1]; ++g) {
      box_overlaps(priors, truth.boxes + 4 * g, iou.data());
      body(priors, iou, g);
    }
  });
}

// The priors that lie in one of their image's ignored boxes by more than a share of their own area, ascending; none for an infinite share.
std::vector<int64_t> ignored_priors(const ImagePriors& priors, const RetortTruth& truth, int64_t image, float share);

// The priors whose centres are nearest to a box's, so many of each level, as ATSS takes them for candidates. `last`, ascending: priors that
// count as infinitely far.
std::vector<int64_t> nearest_priors(const ImagePriors& priors, const float* box, int64_t wanted, const std::vector<int64_t>& last = {});

// The mean of the candidates' IoU plus its deviation; zero without candidates.
float adaptive_threshold(const std::vector<float>& iou, const std::vector<int64_t>& candidates);

}  // namespace retort
