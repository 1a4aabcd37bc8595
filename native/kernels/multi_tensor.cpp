// What training does with all gradients or all parameters at once: zeroing, the global norm, clipping, moving averages.
#include "bridge/bridge.h"
#include "kernel.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/full.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <cmath>

using namespace retort;

namespace {

template <typename T>
RETORT_INLINE double square_sum_core(const T* x, int64_t n) {
  // Sixteen lanes of double: the order of the sum is fixed, so the result does not depend on the thread count or the instruction set.
  double lanes[16] = {};
  int64_t k = 0;
  for (; k + 16 <= n; k += 16) {
    for (int j = 0; j < 16; ++j) {
      double v = static_cast<double>(x[k + j]);
      lanes[j] += v * v;
    }
  }
  double sum = 0;
  for (double lane : lanes) sum += lane;
  for (; k < n; ++k) sum += static_cast<double>(x[k]) * static_cast<double>(x[k]);
  return sum;
}

RETORT_CLONES double square_sum(const float* x, int64_t n) { return square_sum_core(x, n); }
RETORT_CLONES double square_sum(const double* x, int64_t n) { return square_sum_core(x, n); }

template <typename T>
RETORT_INLINE void scale_core(T* x, int64_t n, T factor) {
  for (int64_t k = 0; k < n; ++k) x[k] *= factor;
}

RETORT_CLONES void scale(float* x, int64_t n, double factor) { scale_core<float>(x, n, factor); }
RETORT_CLONES void scale(double* x, int64_t n, double factor) { scale_core<double>(x, n, factor); }

template <typename T>
RETORT_INLINE void lerp_core(T* x, const T* y, int64_t n, T weight) {
  for (int64_t k = 0; k < n; ++k) x[k] += weight * (y[k] - x[k]);
}

RETORT_CLONES void lerp(float* __restrict x, const float* __restrict y, int64_t n, double weight) { lerp_core<float>(x, y, n, weight); }
RETORT_CLONES void lerp(double* __restrict x, const double* __restrict y, int64_t n, double weight) { lerp_core<double>(x, y, n, weight); }

std::vector<at::Tensor> gradients_of(void** parameters, int32_t count) {
  std::vector<at::Tensor> gradients;
  for (int32_t k = 0; k < count; ++k) {
    at::Tensor gradient = borrow(parameters[k]).grad();
    if (gradient.defined()) gradients.push_back(gradient);
  }
  return gradients;
}

std::vector<Piece> pieces_of(const std::vector<at::Tensor>& tensors) {
  std::vector<Piece> pieces;
  for (size_t k = 0; k < tensors.size(); ++k) add_pieces(pieces, static_cast<int32_t>(k), tensors[k].numel());
  return pieces;
}

at::Tensor clip_flat(const std::vector<at::Tensor>& gradients, double maximum) {
  std::vector<Piece> pieces = pieces_of(gradients);
  std::vector<double> sums(pieces.size());
  for_each_piece(pieces, [&](int64_t k) {
    const Piece& piece = pieces[k];
    const at::Tensor& g = gradients[piece.tensor];
    int64_t n = piece.end - piece.begin;
    sums[k] = g.scalar_type() == at::kFloat ? square_sum(g.data_ptr<float>() + piece.begin, n)
        : square_sum(g.data_ptr<double>() + piece.begin, n);
  });
  double total = 0;
  for (double sum : sums) total += sum;
  double norm = std::sqrt(total);
  double factor = maximum / (norm + 1e-6);
  if (factor < 1) {
    for_each_piece(pieces, [&](int64_t k) {
      const Piece& piece = pieces[k];
      const at::Tensor& g = gradients[piece.tensor];
      int64_t n = piece.end - piece.begin;
      if (g.scalar_type() == at::kFloat) scale(g.data_ptr<float>() + piece.begin, n, factor);
      else scale(g.data_ptr<double>() + piece.begin, n, factor);
    });
  }
  return at::scalar_tensor(norm, gradients[0].options());
}

at::Tensor clip_composed(std::vector<at::Tensor>& gradients, double maximum) {
  std::vector<at::Tensor> norms = at::_foreach_norm(gradients, 2);
  for (at::Tensor& norm : norms) norm = norm.to(norms[0].device(), at::kFloat);
  at::Tensor norm = at::stack(norms).norm();
  if (std::isfinite(maximum)) {
    at::Tensor factor = norm.add(1e-6).reciprocal().mul(maximum).clamp_max(1.0);
    for (at::Tensor& gradient : gradients) gradient.mul_(factor.to(gradient.device(), gradient.scalar_type()));
  }
  return norm;
}

}  // namespace

// Clears the gradients: drops them, or writes zeros into them in place.
RETORT_API int retort_zero_grad(void** parameters, int32_t count, int32_t keep_memory) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    for (int32_t k = 0; k < count; ++k) {
      at::Tensor parameter = borrow(parameters[k]);
      if (!keep_memory) {
        parameter.mutable_grad() = at::Tensor();
      } else if (parameter.grad().defined()) {
        at::Tensor gradient = parameter.grad().detach();
        parameter.mutable_grad() = gradient.zero_();
      }
    }
  });
}

// Scales all gradients by min(1, maximum / (norm + 1e-6)) as clip_grad_norm_ does; the result is the norm before clipping, [].
RETORT_API int retort_clip_gradients(void** parameters, int32_t count, double maximum, void** norm) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> gradients = gradients_of(parameters, count);
    if (gradients.empty()) {
      *norm = give(count > 0 ? at::zeros({}, borrow(parameters[0]).options()) : at::zeros({}));
      return;
    }
    bool flat = std::all_of(gradients.begin(), gradients.end(), is_flat);
    *norm = give(flat ? clip_flat(gradients, maximum) : clip_composed(gradients, maximum));
  });
}

// target += weight * (source - target) for floating-point pairs, target = source for the others.
RETORT_API int retort_lerp_many(void** targets, void** sources, int32_t count, double weight) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> flat_targets, flat_sources;
    for (int32_t k = 0; k < count; ++k) {
      at::Tensor target = borrow(targets[k]).detach(), source = borrow(sources[k]).detach();
      if (is_flat(target) && same_dense(target, source)) {
        flat_targets.push_back(target);
        flat_sources.push_back(source);
      } else if (target.is_floating_point()) {
        target.lerp_(source, weight);
      } else {
        target.copy_(source);
      }
    }
    std::vector<Piece> pieces = pieces_of(flat_targets);
    for_each_piece(pieces, [&](int64_t k) {
      const Piece& piece = pieces[k];
      const at::Tensor &x = flat_targets[piece.tensor], &y = flat_sources[piece.tensor];
      int64_t n = piece.end - piece.begin;
      if (x.scalar_type() == at::kFloat) lerp(x.data_ptr<float>() + piece.begin, y.data_ptr<float>() + piece.begin, n, weight);
      else lerp(x.data_ptr<double>() + piece.begin, y.data_ptr<double>() + piece.begin, n, weight);
    });
    for (at::Tensor& target : flat_targets) target.unsafeGetTensorImpl()->bump_version();
  });
}
