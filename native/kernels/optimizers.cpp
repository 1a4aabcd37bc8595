// One call per optimizer step: every parameter of every group in one parallel loop on the processor, _foreach_ operators elsewhere.
#include "bridge/bridge.h"
#include "kernel.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_sqrt.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

using namespace retort;

namespace {

// Shared with SgdEntry in C#. The buffer is made on the parameter's first gradient.
struct SgdEntry {
  void* parameter;
  void* momentum_buffer;
  double rate;
  double decay;
};

// Shared with AdamWEntry in C#. `step` counts the updates of this parameter.
struct AdamWEntry {
  void* parameter;
  void* mean;
  void* square;
  int64_t step;
  double rate;
  double decay;
};

template <typename T>
RETORT_INLINE void sgd_core(T* p, const T* g, T* m, int64_t n, T rate, T decay, T momentum, bool nesterov) {
  if (!m) {
    for (int64_t k = 0; k < n; ++k) p[k] -= rate * (g[k] + decay * p[k]);
    return;
  }
  if (nesterov) {
    for (int64_t k = 0; k < n; ++k) {
      T d = g[k] + decay * p[k];
      m[k] = momentum * m[k] + d;
      p[k] -= rate * (d + momentum * m[k]);
    }
    return;
  }
  for (int64_t k = 0; k < n; ++k) {
    m[k] = momentum * m[k] + (g[k] + decay * p[k]);
    p[k] -= rate * m[k];
  }
}

RETORT_CLONES void sgd_span(float* __restrict p, const float* __restrict g, float* __restrict m, int64_t n, double rate, double decay,
    double momentum, bool nesterov) {
  sgd_core<float>(p, g, m, n, rate, decay, momentum, nesterov);
}

RETORT_CLONES void sgd_span(double* __restrict p, const double* __restrict g, double* __restrict m, int64_t n, double rate, double decay,
    double momentum, bool nesterov) {
  sgd_core<double>(p, g, m, n, rate, decay, momentum, nesterov);
}

struct AdamWFactors {
  double keep, beta1, beta2, step_size, root_correction, epsilon;
};

template <typename T>
RETORT_INLINE void adamw_core(T* p, const T* g, T* m, T* v, int64_t n, const AdamWFactors& f) {
  const T keep = f.keep, beta1 = f.beta1, beta2 = f.beta2, step_size = f.step_size, root = f.root_correction, epsilon = f.epsilon;
  const T rest1 = 1 - f.beta1, rest2 = 1 - f.beta2;
  for (int64_t k = 0; k < n; ++k) {
    m[k] = beta1 * m[k] + rest1 * g[k];
    v[k] = beta2 * v[k] + rest2 * g[k] * g[k];
    p[k] = keep * p[k] - step_size * m[k] / (std::sqrt(v[k]) / root + epsilon);
  }
}

RETORT_CLONES void adamw_span(
    float* __restrict p, const float* __restrict g, float* __restrict m, float* __restrict v, int64_t n, const AdamWFactors& f) {
  adamw_core<float>(p, g, m, v, n, f);
}

RETORT_CLONES void adamw_span(
    double* __restrict p, const double* __restrict g, double* __restrict m, double* __restrict v, int64_t n, const AdamWFactors& f) {
  adamw_core<double>(p, g, m, v, n, f);
}

// Calls body(tensor index, begin, T* of the parameter) with the parameter's element type.
template <typename Body>
void with_type(const at::Tensor& parameter, Body&& body) {
  if (parameter.scalar_type() == at::kFloat) {
    body(parameter.data_ptr<float>());
  } else {
    body(parameter.data_ptr<double>());
  }
}

struct SgdItem {
  at::Tensor parameter, gradient, buffer;
  double rate, decay;
};

void sgd_fused(const std::vector<SgdItem>& items, double momentum, bool nesterov) {
  std::vector<Piece> pieces;
  for (size_t k = 0; k < items.size(); ++k) add_pieces(pieces, static_cast<int32_t>(k), items[k].parameter.numel());
  for_each_piece(pieces, [&](int64_t k) {
    const Piece& piece = pieces[k];
    const SgdItem& item = items[piece.tensor];
    with_type(item.parameter, [&](auto* p) {
      using T = std::remove_pointer_t<decltype(p)>;
      auto* g = static_cast<const T*>(item.gradient.data_ptr()) + piece.begin;
      auto* m = item.buffer.defined() ? static_cast<T*>(item.buffer.data_ptr()) + piece.begin : nullptr;
      sgd_span(p + piece.begin, g, m, piece.end - piece.begin, item.rate, item.decay, momentum, nesterov);
    });
  });
}

void sgd_foreach(const std::vector<SgdItem>& items, double momentum, bool nesterov) {
  if (items.empty()) return;
  std::vector<at::Tensor> parameters, gradients, buffers;
  std::vector<at::Scalar> decays, rates;
  for (const SgdItem& item : items) {
    parameters.push_back(item.parameter);
    gradients.push_back(item.gradient);
    if (item.buffer.defined()) buffers.push_back(item.buffer);
    decays.emplace_back(item.decay);
    rates.emplace_back(-item.rate);
  }
  auto step = at::_foreach_mul(parameters, decays);
  at::_foreach_add_(step, gradients);
  if (!buffers.empty()) {
    at::_foreach_mul_(buffers, at::Scalar(momentum));
    at::_foreach_add_(buffers, step);
    if (nesterov) {
      at::_foreach_add_(step, buffers, at::Scalar(momentum));
    } else {
      step = buffers;
    }
  }
  step = at::_foreach_mul(step, rates);
  at::_foreach_add_(parameters, step);
}

struct AdamWItem {
  at::Tensor parameter, gradient, mean, square;
  AdamWFactors factors;
};

void adamw_fused(const std::vector<AdamWItem>& items) {
  std::vector<Piece> pieces;
  for (size_t k = 0; k < items.size(); ++k) add_pieces(pieces, static_cast<int32_t>(k), items[k].parameter.numel());
  for_each_piece(pieces, [&](int64_t k) {
    const Piece& piece = pieces[k];
    const AdamWItem& item = items[piece.tensor];
    with_type(item.parameter, [&](auto* p) {
      using T = std::remove_pointer_t<decltype(p)>;
      adamw_span(p + piece.begin, static_cast<const T*>(item.gradient.data_ptr()) + piece.begin,
          static_cast<T*>(item.mean.data_ptr()) + piece.begin,
                 static_cast<T*>(item.square.data_ptr()) + piece.begin, piece.end - piece.begin, item.factors);
    });
  });
}

void adamw_foreach(const std::vector<AdamWItem>& items) {
  if (items.empty()) return;
  std::vector<at::Tensor> parameters, gradients, means, squares;
  std::vector<at::Scalar> keeps, roots, steps;
  for (const AdamWItem& item : items) {
    parameters.push_back(item.parameter);
    gradients.push_back(item.gradient);
    means.push_back(item.mean);
    squares.push_back(item.square);
    keeps.emplace_back(item.factors.keep);
    roots.emplace_back(item.factors.root_correction);
    steps.emplace_back(-item.factors.step_size);
  }
  const AdamWFactors& shared = items[0].factors;
  at::_foreach_mul_(parameters, keeps);
  at::_foreach_mul_(means, at::Scalar(shared.beta1));
  at::_foreach_add_(means, gradients, at::Scalar(1 - shared.beta1));
  at::_foreach_mul_(squares, at::Scalar(shared.beta2));
  at::_foreach_addcmul_(squares, gradients, gradients, at::Scalar(1 - shared.beta2));
  auto divisors = at::_foreach_sqrt(squares);
  at::_foreach_div_(divisors, roots);
  at::_foreach_add_(divisors, at::Scalar(shared.epsilon));
  at::_foreach_addcdiv_(parameters, means, divisors, steps);
}

at::Tensor buffer_of(void*& handle, const at::Tensor& parameter) {
  if (!handle) handle = give(at::zeros_like(parameter));
  return borrow(handle);
}

// Writing through raw pointers must still be seen by autograd's check of saved tensors.
void bump(const at::Tensor& parameter) { parameter.unsafeGetTensorImpl()->bump_version(); }

}  // namespace

// Stochastic gradient descent with momentum, as torch.optim.SGD. A parameter without gradient is left alone.
RETORT_API int retort_sgd_step(SgdEntry* entries, int32_t count, double momentum, int32_t nesterov) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<SgdItem> fused, composed;
    for (int32_t k = 0; k < count; ++k) {
      SgdEntry& entry = entries[k];
      SgdItem item{borrow(entry.parameter), {}, {}, entry.rate, entry.decay};
      item.gradient = item.parameter.grad();
      if (!item.gradient.defined()) continue;
      item.parameter = item.parameter.detach();
      if (momentum != 0) item.buffer = buffer_of(entry.momentum_buffer, item.parameter);
      bool flat = is_flat(item.parameter) && same_dense(item.parameter, item.gradient) &&
                  (!item.buffer.defined() || same_dense(item.parameter, item.buffer));
      if (flat) bump(item.parameter);
      (flat ? fused : composed).push_back(std::move(item));
    }
    sgd_fused(fused, momentum, nesterov != 0);
    sgd_foreach(composed, momentum, nesterov != 0);
  });
}

// Adam with decoupled weight decay, as torch.optim.AdamW. A parameter without gradient is left alone.
RETORT_API int retort_adamw_step(AdamWEntry* entries, int32_t count, double beta1, double beta2, double epsilon) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    std::vector<AdamWItem> fused, composed;
    for (int32_t k = 0; k < count; ++k) {
      AdamWEntry& entry = entries[k];
      AdamWItem item{borrow(entry.parameter), {}, {}, {}, {}};
      item.gradient = item.parameter.grad();
      if (!item.gradient.defined()) continue;
      item.parameter = item.parameter.detach();
      item.mean = buffer_of(entry.mean, item.parameter);
      item.square = buffer_of(entry.square, item.parameter);
      double step = static_cast<double>(++entry.step);
      item.factors = {1 - entry.rate * entry.decay, beta1, beta2, entry.rate / (1 - std::pow(beta1, step)),
          std::sqrt(1 - std::pow(beta2, step)), epsilon};
      bool flat = is_flat(item.parameter) && same_dense(item.parameter, item.gradient) && same_dense(item.parameter, item.mean) &&
                  same_dense(item.parameter, item.square);
      if (flat) bump(item.parameter);
      (flat ? fused : composed).push_back(std::move(item));
    }
    adamw_fused(fused);
    adamw_foreach(composed);
  });
}
