// Rectangles in any direction, and the area that two of them share.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace retort {

// Centre, half sides as vectors, and what rejects most pairs quickly.
struct Rectangle {
  double cx, cy, ux, uy, vx, vy;  // corners: centre +- u +- v
  double half_width, half_height, area;
  float reach_x, reach_y;         // half extents of the enclosing box
};

// box: centre x, y, width, height, angle in radians from x towards y. Without two positive sides it has no area, and overlaps nothing.
inline Rectangle rectangle_of(const float* box) {
  const double cosine = std::cos(static_cast<double>(box[4])), sine = std::sin(static_cast<double>(box[4]));
  const double w = box[2] / 2.0, h = box[3] / 2.0;
  Rectangle r{box[0], box[1], cosine * w, sine * w, -sine * h, cosine * h, w, h, w > 0 && h > 0 ? 4 * w * h : 0, 0, 0};
  r.reach_x = static_cast<float>(std::abs(r.ux) + std::abs(r.vx));
  r.reach_y = static_cast<float>(std::abs(r.uy) + std::abs(r.vy));
  return r;
}

// As the reference: boxes this small overlap nothing.
constexpr double kLeastRectangle = 1e-14;

namespace detail {

// A cut adds one corner to a convex polygon. Where all sides are of the size of a rounding error the corners need not be convex, and a cut
// adds up to half of those that there are: 4, 6, 9, 13, 19.
constexpr int kCorners = 19;

struct Corner {
  double x, y;
};

// Keeps the part of a polygon whose `axis` coordinate times `sign` is at most `bound`.
template <double Corner::*axis>
int cut(const Corner* polygon, int count, Corner* result, double sign, double bound) {
  int kept = 0;
  for (int k = 0, last = count - 1; k < count; last = k, ++k) {
    const Corner &p = polygon[last], &q = polygon[k];
    const double before = bound - sign * (p.*axis), now = bound - sign * (q.*axis);
    if ((before < 0) != (now < 0) && before != 0 && now != 0) {
      const double share = before / (before - now);
      result[kept++] = {p.x + share * (q.x - p.x), p.y + share * (q.y - p.y)};
    }
    if (now >= 0) result[kept++] = q;
  }
  return kept;
}

}  // namespace detail

// The shared area: b's corners in a's own axes, cut at a's four sides (Sutherland and Hodgman 1974).
inline double shared_area(const Rectangle& a, const Rectangle& b) {
  using detail::Corner;
  const double dx = b.cx - a.cx, dy = b.cy - a.cy;
  if (!(std::abs(dx) < static_cast<double>(a.reach_x) + b.reach_x + 1e-3
      && std::abs(dy) < static_cast<double>(a.reach_y) + b.reach_y + 1e-3)) return 0;
  if (!(a.area >= kLeastRectangle && b.area >= kLeastRectangle)) return 0;
  const double cosine = a.ux / a.half_width, sine = a.uy / a.half_width;
  const auto turned = [&](double x, double y) { return Corner{cosine * x + sine * y, cosine * y - sine * x}; };
  const Corner c = turned(dx, dy), u = turned(b.ux, b.uy), v = turned(b.vx, b.vy);
  Corner first[detail::kCorners] =
      {{c.x - u.x - v.x, c.y - u.y - v.y}, {c.x + u.x - v.x, c.y + u.y - v.y}, {c.x + u.x + v.x, c.y + u.y + v.y},
      {c.x - u.x + v.x, c.y - u.y + v.y}};
  Corner second[detail::kCorners];
  int count = detail::cut<&Corner::x>(first, 4, second, 1, a.half_width);
  count = detail::cut<&Corner::x>(second, count, first, -1, a.half_width);
  count = detail::cut<&Corner::y>(first, count, second, 1, a.half_height);
  count = detail::cut<&Corner::y>(second, count, first, -1, a.half_height);
  double twice = 0;
  for (int k = 0, last = count - 1; k < count; last = k, ++k) twice += first[last].x * first[k].y - first[k].x * first[last].y;
  return std::min(std::abs(twice) / 2, std::min(a.area, b.area));
}

// Intersection over union, or over the first rectangle's own area.
inline double overlap(const Rectangle& a, const Rectangle& b, bool over_first) {
  const double shared = shared_area(a, b);
  return shared > 0 ? shared / (over_first ? a.area : a.area + b.area - shared) : 0;
}

// Whether the overlap over the union is certainly not above a threshold, for much less than the overlap costs. The shared area is at most
// the smaller area, that of the enclosing boxes, and that of the parallelogram where a strip along a side of one crosses a strip along a
// side of the other: for sides of directions p and q, area(a) * area(b) / 4 over |p x q|, with p and q as long as the half sides. A little
// is left to rounding.
inline bool surely_below(const Rectangle& a, const Rectangle& b, double threshold) {
  const double enough = threshold * (a.area + b.area) / (1 + threshold) * (1 - 1e-6);
  if (std::min(a.area, b.area) <= enough) return true;
  const double width = std::min(a.cx + a.reach_x, b.cx + b.reach_x) - std::max(a.cx - a.reach_x, b.cx - b.reach_x) + 1e-3;
  const double height = std::min(a.cy + a.reach_y, b.cy + b.reach_y) - std::max(a.cy - a.reach_y, b.cy - b.reach_y) + 1e-3;
  if (width <= 0 || height <= 0 || width * height <= enough) return true;
  const double crossing = std::max(std::max(std::abs(a.ux * b.uy - a.uy * b.ux), std::abs(a.vx * b.vy - a.vy * b.vx)),
                                   std::max(std::abs(a.ux * b.vy - a.uy * b.vx), std::abs(a.vx * b.uy - a.vy * b.ux)));
  return a.area * b.area / 4 <= enough * crossing;
}

}  // namespace retort
