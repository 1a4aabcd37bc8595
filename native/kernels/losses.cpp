// Losses as single operators with analytic gradients. Forward computes the gradient with the value while everything is in registers;
// backward only multiplies. Every row or plane is summed by itself, so results do not depend on the thread count.
#include "operators.h"
#include "vector_math.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/scalar_tensor.h>

#include <cmath>

namespace retort {
namespace {

// sum q (log q - log p) * scale for each row, and its gradient (p - q) * slope with respect to the student.
template <typename T>
RETORT_INLINE void kl_core(const T* student, const T* teacher, int64_t rows, int64_t width, T inverse_temperature, T scale, T slope,
    T* loss, T* gradient) {
  Scratch<T> scratch(width);
  int64_t padded = scratch.padded;
  T *p = scratch.values.data(), *q = p + padded;
  for (int64_t r = 0; r < rows; ++r, student += width, teacher += width) {
    auto [log_p, top_p] = softmax_row(student, width, padded, inverse_temperature, p);
    auto [log_q, top_q] = softmax_row(teacher, width, padded, inverse_temperature, q);
    T offset = (top_p + log_p) - (top_q + log_q);
    double sum = 0;
    T lanes[kLanes] = {};
    int64_t k = 0;
    for (; k + kLanes <= width; k += kLanes) {
      for (int j = 0; j < kLanes; ++j) lanes[j] += q[k + j] * ((teacher[k + j] - student[k + j]) * inverse_temperature + offset);
    }
    for (int j = 0; j < kLanes; ++j) sum += lanes[j];
    for (; k < width; ++k) sum += q[k] * ((teacher[k] - student[k]) * inverse_temperature + offset);
    loss[r] = static_cast<T>(sum) * scale;
    if (gradient) {
      for (k = 0; k < width; ++k) gradient[r * width + k] = (p[k] - q[k]) * slope;
    }
  }
}

RETORT_CLONES void kl_rows(const float* s, const float* t, int64_t rows, int64_t width, double inverse_temperature, double scale,
    double slope, float* loss, float* gradient) {
  kl_core<float>(s, t, rows, width, inverse_temperature, scale, slope, loss, gradient);
}

void kl_rows(const double* s, const double* t, int64_t rows, int64_t width, double inverse_temperature, double scale, double slope,
    double* loss, double* gradient) {
  kl_core<double>(s, t, rows, width, inverse_temperature, scale, slope, loss, gradient);
}

// -log p[left] * (left + 1 - d) - log p[left + 1] * (d - left) for each row; its gradient is p minus the two shares.
template <typename T>
RETORT_INLINE void dfl_core(const T* logits, const T* distance, int64_t rows, int64_t width, T* loss, T* gradient) {
  Scratch<T> scratch(width);
  T* p = scratch.values.data();
  for (int64_t r = 0; r < rows; ++r, logits += width) {
    auto [log_p, top] = softmax_row(logits, width, scratch.padded, T(1), p);
    int64_t left = std::min<int64_t>(std::max<int64_t>(static_cast<int64_t>(std::floor(distance[r])), 0), width - 2);
    T share = distance[r] - left;
    loss[r] = top + log_p - logits[left] * (1 - share) - logits[left + 1] * share;
    if (gradient) {
      T* g = gradient + r * width;
      for (int64_t k = 0; k < width; ++k) g[k] = p[k];
      g[left] -= 1 - share;
      g[left + 1] -= share;
    }
  }
}

RETORT_CLONES void dfl_rows(const float* x, const float* d, int64_t rows, int64_t width, float* loss,
    float* gradient) { dfl_core<float>(x, d, rows, width, loss, gradient); }
void dfl_rows(const double* x, const double* d, int64_t rows, int64_t width, double* loss,
    double* gradient) { dfl_core<double>(x, d, rows, width, loss, gradient); }

// softplus(z) * sigmoid(z)^2 * w summed over a plane, with its gradient.
template <typename T>
RETORT_INLINE double background_core(const T* z, const T* weight, int64_t count, T* gradient) {
  double sum = 0;
  for (int64_t begin = 0; begin < count; begin += 256) {
    int64_t end = std::min<int64_t>(begin + 256, count);
    T values[256];
    for (int64_t k = begin; k < end; ++k) {
      T x = z[k], e = exp_of(-std::abs(x));
      T softplus = (x > 0 ? x : T(0)) + log1p_of(e) + x * 0;
      T sigmoid = (x > 0 ? T(1) : e) / (1 + e);
      T rest = (x > 0 ? e : T(1)) / (1 + e);
      values[k - begin] = softplus * sigmoid * sigmoid * weight[k];
      if (gradient) gradient[k] = (sigmoid + 2 * softplus * rest) * sigmoid * sigmoid * weight[k];
    }
    T lanes[kLanes] = {};
    int64_t k = 0;
    for (; k + kLanes <= end - begin; k += kLanes) {
      for (int j = 0; j < kLanes; ++j) lanes[j] += values[k + j];
    }
    for (; k < end - begin; ++k) lanes[0] += values[k];
    for (T lane : lanes) sum += lane;
  }
  return sum;
}

RETORT_CLONES double background_plane(
    const float* z, const float* w, int64_t count, float* gradient) { return background_core(z, w, count, gradient); }
double background_plane(const double* z, const double* w, int64_t count,
    double* gradient) { return background_core(z, w, count, gradient); }

constexpr int64_t kRowGrain = 256;

// Multiplies the rows of a saved gradient by the gradient of the rows' losses.
at::Tensor scaled_rows(const at::Tensor& saved, const at::Tensor& rows) { return saved.mul(rows.unsqueeze(1)); }

struct KlDivergence : torch::autograd::Function<KlDivergence> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& student, const at::Tensor& teacher, double temperature, bool mean,
      bool wants_gradient) {
    at::Tensor s = student.contiguous(), t = teacher.contiguous();
    int64_t rows = s.size(0), width = s.size(1);
    double joined = mean ? 1.0 / width : 1.0;
    at::Tensor loss = at::empty({rows}, s.options()), gradient = wants_gradient ? at::empty_like(s) : at::Tensor();
    by_type(s, [&](auto tag) {
      using T = decltype(tag);
      const T *ps = s.data_ptr<T>(), *pt = t.data_ptr<T>();
      T *pl = loss.data_ptr<T>(), *pg = wants_gradient ? gradient.data_ptr<T>() : nullptr;
      at::parallel_for(0, rows, kRowGrain, [&](int64_t begin, int64_t end) {
        kl_rows(ps + begin * width, pt + begin * width, end - begin, width, 1 / temperature, joined * temperature * temperature,
            joined * temperature, pl + begin, pg ? pg + begin * width : nullptr);
      });
    });
    if (wants_gradient) context->save_for_backward({gradient});
    return loss;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    return {scaled_rows(context->get_saved_variables()[0], gradients[0]), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct DistributionFocal : torch::autograd::Function<DistributionFocal> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& logits, const at::Tensor& distance, bool wants_gradient) {
    at::Tensor x = logits.contiguous(), d = distance.contiguous();
    int64_t rows = x.size(0), width = x.size(1);
    at::Tensor loss = at::empty({rows}, x.options()), gradient = wants_gradient ? at::empty_like(x) : at::Tensor();
    by_type(x, [&](auto tag) {
      using T = decltype(tag);
      const T *px = x.data_ptr<T>(), *pd = d.data_ptr<T>();
      T *pl = loss.data_ptr<T>(), *pg = wants_gradient ? gradient.data_ptr<T>() : nullptr;
      at::parallel_for(0, rows, kRowGrain, [&](int64_t begin, int64_t end) {
        dfl_rows(px + begin * width, pd + begin, end - begin, width, pl + begin, pg ? pg + begin * width : nullptr);
      });
    });
    if (wants_gradient) context->save_for_backward({gradient});
    return loss;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    return {scaled_rows(context->get_saved_variables()[0], gradients[0]), at::Tensor(), at::Tensor()};
  }
};

struct QualityBackground : torch::autograd::Function<QualityBackground> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& map, const at::Tensor& weight, int64_t per_cell,
      bool wants_gradient) {
    at::Tensor z = map.contiguous();
    int64_t images = z.size(0), channels = z.size(1), pixels = z.size(2) * z.size(3), classes = channels / per_cell;
    // [N, row, column, anchor] to a plane for each anchor, as the classes' planes lie.
    at::Tensor w = weight.reshape({images, pixels, per_cell}).transpose(1, 2).contiguous();
    at::Tensor gradient = wants_gradient ? at::empty_like(z) : at::Tensor();
    std::vector<double> sums(images * channels);
    by_type(z, [&](auto tag) {
      using T = decltype(tag);
      const T *pz = z.data_ptr<T>(), *pw = w.data_ptr<T>();
      T* pg = wants_gradient ? gradient.data_ptr<T>() : nullptr;
      at::parallel_for(0, images * channels, std::max<int64_t>(1, 16384 / pixels), [&](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end;
            ++k) sums[k] = background_plane(pz + k * pixels, pw + k / classes * pixels, pixels, pg ? pg + k * pixels : nullptr);
      });
    });
    if (wants_gradient) context->save_for_backward({gradient});
    double total = 0;
    for (double sum : sums) total += sum;
    return at::scalar_tensor(total, z.options());
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    return {context->get_saved_variables()[0].mul(gradients[0]), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

at::Tensor kl_divergence(const at::Tensor& student, const at::Tensor& teacher, double temperature, bool mean) {
  require_flat(student, "retort::kl_divergence: float or double tensors on the processor are wanted");
  require(student.dim() == 2 && student.sizes() == teacher.sizes() && student.scalar_type() == teacher.scalar_type()
      && student.size(1) > 0, "retort::kl_divergence: student and teacher must be [M, B] of one type");
  return KlDivergence::apply(student, teacher.detach(), temperature, mean, wants_gradient(student));
}

at::Tensor distribution_focal(const at::Tensor& logits, const at::Tensor& distance) {
  require_flat(logits, "retort::distribution_focal: float or double tensors on the processor are wanted");
  require(logits.dim() == 2 && logits.size(1) > 1 && distance.dim() == 1 && distance.size(0) == logits.size(0)
      && distance.scalar_type() == logits.scalar_type(),
      "retort::distribution_focal: logits [M, n+1] and distances [M] of one type are wanted");
  return DistributionFocal::apply(logits, distance.detach(), wants_gradient(logits));
}

at::Tensor quality_background(const at::Tensor& map, const at::Tensor& weight, int64_t per_cell) {
  require_flat(map, "retort::quality_background: float or double tensors on the processor are wanted");
  require(map.dim() == 4 && per_cell > 0 && map.size(1) % per_cell == 0
      && weight.numel() == map.size(0) * map.size(2) * map.size(3) * per_cell && weight.scalar_type() == map.scalar_type(),
      "retort::quality_background: a map [N, A*C, H, W] and weights [N, H*W*A] of one type are wanted");
  return QualityBackground::apply(map, weight.detach(), per_cell, wants_gradient(map));
}

}  // namespace
}  // namespace retort

TORCH_LIBRARY_FRAGMENT(retort, library) {
  library.def("kl_divergence(Tensor student, Tensor teacher, float temperature, bool mean) -> Tensor", &retort::kl_divergence);
  library.def("distribution_focal(Tensor logits, Tensor distance) -> Tensor", &retort::distribution_focal);
  library.def("quality_background(Tensor map, Tensor weight, int per_cell) -> Tensor", &retort::quality_background);
}
