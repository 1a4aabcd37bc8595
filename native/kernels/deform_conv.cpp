// Deformable convolution (Dai et al. 2017) and its modulated form (Zhu et al. 2019) as one operator with its gradient. Maps are turned to
// [pixel][channel], so that the four pixels of a sample are read as runs of channels; matrix products do the rest, for some thousand
// outputs of the whole batch at a time. The gradient samples again rather than to keep nine times the input.
#include "deform_conv.h"
#include "operators.h"

#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>

namespace retort {
namespace {

constexpr int kDotLanes = 16;
// Columns that are made at once, elements: some megabytes, so that the products find them in a cache.
constexpr int64_t kColumnElements = 1 << 20;
constexpr int64_t kRowGrain = 32, kChannelGrain = 16;

// columns[tap][j] = the sample of channel j.
template <typename T>
RETORT_INLINE void sample_core(
    const Corners<T>* corners, int64_t taps, const T* map, int64_t channels, int64_t count, T* columns, int64_t step) {
  for (int64_t tap = 0; tap < taps; ++tap, ++corners, columns += step) {
    const T *a = map + corners->pixel[0] * channels, *b = map + corners->pixel[1] * channels, *c = map + corners->pixel[2] * channels, *d =
        map + corners->pixel[3] * channels;
    T m = corners->modulation, wa = corners->weight[0] * m, wb = corners->weight[1] * m, wc = corners->weight[2] * m, wd =
        corners->weight[3] * m;
    for (int64_t j = 0; j < count; ++j) columns[j] = a[j] * wa + b[j] * wb + c[j] * wc + d[j] * wd;
  }
}

// The transpose of sample_core, added to a map.
template <typename T>
RETORT_INLINE void scatter_core(
    const Corners<T>* corners, int64_t taps, const T* columns, int64_t step, int64_t count, T* map, int64_t channels) {
  for (int64_t tap = 0; tap < taps; ++tap, ++corners, columns += step) {
    for (int k = 0; k < 4; ++k) {
      T weight = corners->weight[k] * corners->modulation;
      if (weight == 0) continue;
      T* target = map + corners->pixel[k] * channels;
      for (int64_t j = 0; j < count; ++j) target[j] += columns[j] * weight;
    }
  }
}

// dots[tap][corner] += the products of the columns' gradients with the corner's channels.
template <typename T>
RETORT_INLINE void dot_core(const Corners<T>* corners, int64_t taps, const T* map, int64_t channels, const T* columns, int64_t step,
    int64_t count, T* dots) {
  for (int64_t tap = 0; tap < taps; ++tap, ++corners, columns += step) {
    for (int k = 0; k < 4; ++k) {
      const T* source = map + corners->pixel[k] * channels;
      T lanes[kDotLanes] = {}, sum = 0;
      int64_t j = 0;
      for (; j + kDotLanes <= count; j += kDotLanes) {
        for (int lane = 0; lane < kDotLanes; ++lane) lanes[lane] += columns[j + lane] * source[j + lane];
      }
      for (T lane : lanes) sum += lane;
      for (; j < count; ++j) sum += columns[j] * source[j];
      dots[tap * 4 + k] += sum;
    }
  }
}

RETORT_CLONES void sample_taps(
    const Corners<float>* c, int64_t taps, const float* map, int64_t channels, int64_t count, float* columns,
    int64_t step) { sample_core(c, taps, map, channels, count, columns, step); }
void sample_taps(const Corners<double>* c, int64_t taps, const double* map, int64_t channels, int64_t count, double* columns,
    int64_t step) { sample_core(c, taps, map, channels, count, columns, step); }
RETORT_CLONES void scatter_taps(
    const Corners<float>* c, int64_t taps, const float* columns, int64_t step, int64_t count, float* map,
    int64_t channels) { scatter_core(c, taps, columns, step, count, map, channels); }
void scatter_taps(const Corners<double>* c, int64_t taps, const double* columns, int64_t step, int64_t count, double* map,
    int64_t channels) { scatter_core(c, taps, columns, step, count, map, channels); }
RETORT_CLONES void dot_taps(const Corners<float>* c, int64_t taps, const float* map, int64_t channels, const float* columns, int64_t step,
    int64_t count, float* dots) { dot_core(c, taps, map, channels, columns, step, count, dots); }
void dot_taps(const Corners<double>* c, int64_t taps, const double* map, int64_t channels, const double* columns, int64_t step,
    int64_t count, double* dots) { dot_core(c, taps, map, channels, columns, step, count, dots); }

// One call's tensors in the layout of the kernels, and the steps that forward and backward share.
template <typename T>
struct DeformWork {
  DeformShape shape;
  at::Tensor pixels, offset, modulation, weight;  // [N*H*W, C], as given, as given or empty, [G, O/G, K*C/G]
  std::vector<Corners<T>> corners;

  DeformWork(const DeformShape& s, const at::Tensor& input, const at::Tensor& given_weight, const at::Tensor& given_offset,
      const at::Tensor& given_modulation)
      : shape(s), pixels(input.permute({0, 2, 3, 1}).contiguous().view({s.images * s.height * s.width, s.channels})),
          offset(given_offset.contiguous()) {
    if (s.modulated) modulation = given_modulation.contiguous();
    weight = given_weight.permute({0, 2, 3, 1}).contiguous()
        .view({s.groups, given_weight.size(0) / s.groups, s.taps() * s.group_channels()});
  }

  int64_t chunk() const { return std::max<int64_t>(kRowGrain, kColumnElements / (shape.taps() * shape.channels)); }
  int64_t per_row() const { return shape.offset_groups * shape.taps(); }

  void locate(int64_t first, int64_t last) {
    corners.resize((last - first) * per_row());
    const T* modulated = shape.modulated ? modulation.data_ptr<T>() : nullptr;
    at::parallel_for(first, last, kRowGrain, [&](int64_t begin, int64_t end) {
      fill_corners(shape, offset.data_ptr<T>(), modulated, begin, end, corners.data() + (begin - first) * per_row());
    });
  }

  // [G, rows, K*C/G] of the outputs that were located.
  at::Tensor columns(int64_t rows) const {
    const DeformShape& s = shape;
    at::Tensor result = at::empty({s.groups, rows, s.taps() * s.group_channels()}, pixels.options());
    const T* map = pixels.data_ptr<T>();
    T* out = result.data_ptr<T>();
    int64_t step = s.group_channels(), row_step = s.taps() * step;
    at::parallel_for(0, rows, kRowGrain, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        for_runs(s, rows, 0, s.channels, [&](int64_t group, int64_t channel, int64_t count, int64_t place) {
          sample_taps(corners.data() + row * per_row() + group * s.taps(), s.taps(), map + channel, s.channels, count,
              out + place + row * row_step, step);
        });
      }
    });
    return result;
  }

  // Adds the gradient of the sampled pixels; threads share the channels, so that each sum has one order.
  void scatter(const at::Tensor& columns, int64_t rows, at::Tensor& gradient) const {
    const DeformShape& s = shape;
    const T* source = columns.data_ptr<T>();
    T* map = gradient.data_ptr<T>();
    int64_t step = s.group_channels(), row_step = s.taps() * step;
    at::parallel_for(0, s.channels, kChannelGrain, [&](int64_t begin, int64_t end) {
      for (int64_t row = 0; row < rows; ++row) {
        for_runs(s, rows, begin, end, [&](int64_t group, int64_t channel, int64_t count, int64_t place) {
          scatter_taps(corners.data() + row * per_row() + group * s.taps(), s.taps(), source + place + row * row_step, step, count,
              map + channel, s.channels);
        });
      }
    });
  }

  // Writes the gradients of offsets and modulation of outputs [first, first + rows).
  void slopes(const at::Tensor& columns, int64_t first, int64_t rows, T* offsets, T* modulations) const {
    const DeformShape& s = shape;
    const T *source = columns.data_ptr<T>(), *map = pixels.data_ptr<T>();
    int64_t step = s.group_channels(), row_step = s.taps() * step;
    at::parallel_for(0, rows, kRowGrain, [&](int64_t begin, int64_t end) {
      std::vector<T> dots(per_row() * 4);
      for (int64_t row = begin; row < end; ++row) {
        std::fill(dots.begin(), dots.end(), T(0));
        const Corners<T>* at = corners.data() + row * per_row();
        for_runs(s, rows, 0, s.channels, [&](int64_t group, int64_t channel, int64_t count, int64_t place) {
          dot_taps(at + group * s.taps(), s.taps(), map + channel, s.channels, source + place + row * row_step, step, count,
              dots.data() + group * s.taps() * 4);
        });
        write_slopes(first + row, at, dots.data(), offsets, modulations);
      }
    });
  }

  void write_slopes(int64_t row, const Corners<T>* at, const T* dots, T* offsets, T* modulations) const {
    int64_t pixels = shape.pixels(), image = row / pixels, pixel = row % pixels;
    for (int64_t k = 0; k < per_row(); ++k) {
      int64_t plane = image * per_row() + k;
      T value = 0, y = 0, x = 0;
      for (int corner = 0; corner < 4; ++corner) {
        value += dots[k * 4 + corner] * at[k].weight[corner];
        y += dots[k * 4 + corner] * at[k].slope_y[corner];
        x += dots[k * 4 + corner] * at[k].slope_x[corner];
      }
      if (offsets) offsets[plane * 2 * pixels + pixel] = y * at[k].modulation, offsets[(plane * 2 + 1) * pixels + pixel] =
          x * at[k].modulation;
      if (modulations) modulations[plane * pixels + pixel] = value;
    }
  }
};

template <typename T>
at::Tensor deform_forward(DeformWork<T>& work) {
  const DeformShape& s = work.shape;
  int64_t outputs = work.weight.size(1);
  at::Tensor result = at::empty({s.rows(), s.groups, outputs}, work.pixels.options()), weight = work.weight.transpose(1, 2);
  for (int64_t first = 0; first < s.rows(); first += work.chunk()) {
    int64_t last = std::min(s.rows(), first + work.chunk());
    work.locate(first, last);
    at::Tensor part = result.narrow(0, first, last - first), columns = work.columns(last - first);
    if (s.groups == 1) {
      at::Tensor flat = part.select(1, 0);
      at::mm_out(flat, columns.select(0, 0), weight.select(0, 0));
    } else {
      part.copy_(at::bmm(columns, weight).transpose(0, 1));
    }
  }
  return result.view({s.images, s.out_height, s.out_width, s.groups * outputs}).permute({0, 3, 1, 2}).contiguous();
}

// What of the gradient is wanted; the rest stays undefined.
struct DeformGradients {
  at::Tensor input, weight, offset, modulation;
};

template <typename T>
void deform_backward(DeformWork<T>& work, const at::Tensor& gradient, DeformGradients& wanted) {
  const DeformShape& s = work.shape;
  at::Tensor rows = gradient.permute({0, 2, 3, 1}).contiguous().view({s.rows(), s.groups, work.weight.size(1)});
  bool samples = wanted.input.defined() || wanted.offset.defined() || wanted.modulation.defined();
  for (int64_t first = 0; first < s.rows(); first += work.chunk()) {
    int64_t count = std::min(s.rows() - first, work.chunk());
    work.locate(first, first + count);
    at::Tensor part = rows.narrow(0, first, count).transpose(0, 1);
    if (wanted.weight.defined()) wanted.weight.baddbmm_(part.transpose(1, 2), work.columns(count));
    if (!samples) continue;
    at::Tensor columns = at::bmm(part, work.weight);
    if (wanted.input.defined()) work.scatter(columns, count, wanted.input);
    if (wanted.offset.defined() || wanted.modulation.defined()) {
      work.slopes(columns, first, count, wanted.offset.defined() ? wanted.offset.data_ptr<T>() : nullptr, wanted.modulation.defined()
          ? wanted.modulation.data_ptr<T>() : nullptr);
    }
  }
}

// Stride, padding, dilation, groups, groups of offsets, whether modulated.
DeformShape shape_of(const at::Tensor& input, const at::Tensor& weight, const std::vector<int64_t>& g) {
  DeformShape s{input.size(0), input.size(1), input.size(2), input.size(3), weight.size(2), weight.size(3), 0, 0, g[0], g[1], g[2], g[3],
      g[4], g[5] != 0};
  s.out_height = (s.height + 2 * s.padding - s.dilation * (s.taps_y - 1) - 1) / s.stride + 1;
  s.out_width = (s.width + 2 * s.padding - s.dilation * (s.taps_x - 1) - 1) / s.stride + 1;
  return s;
}

struct DeformConvolution : torch::autograd::Function<DeformConvolution> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset,
      const at::Tensor& modulation,
                            std::vector<int64_t> geometry, std::vector<bool> wanted) {
    context->save_for_backward({input, weight, offset, modulation});
    context->saved_data["geometry"] = geometry;
    for (int k = 0; k < 4; ++k) context->saved_data[std::to_string(k)] = static_cast<bool>(wanted[k]);
    at::Tensor result;
    by_type(input, [&](auto tag) {
      DeformWork<decltype(tag)> work(shape_of(input, weight, geometry), input, weight, offset, modulation);
      result = deform_forward(work);
    });
    return result;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    at::NoGradGuard no_grad;
    variable_list saved = context->get_saved_variables();
    std::vector<int64_t> g = context->saved_data["geometry"].toIntVector();
    const at::Tensor &input = saved[0], &weight = saved[1], &offset = saved[2], &modulation = saved[3];
    auto wants = [&](int k) { return context->saved_data[std::to_string(k)].toBool(); };
    DeformShape s = shape_of(input, weight, g);
    DeformGradients result;
    if (wants(0)) result.input = at::zeros({s.images * s.height * s.width, s.channels}, input.options());
    if (wants(1)) result.weight = at::zeros({s.groups, weight.size(0) / s.groups, s.taps() * s.group_channels()}, weight.options());
    if (wants(2)) result.offset = at::empty_like(offset, at::MemoryFormat::Contiguous);
    if (wants(3)) result.modulation = at::empty_like(modulation, at::MemoryFormat::Contiguous);
    by_type(input, [&](auto tag) {
      DeformWork<decltype(tag)> work(s, input, weight, offset, modulation);
      deform_backward(work, gradients[0], result);
    });
    if (wants(0)) result.input = result.input.view({s.images, s.height, s.width, s.channels}).permute({0, 3, 1, 2}).contiguous();
    if (wants(1)) result.weight =
        result.weight.view({weight.size(0), s.taps_y, s.taps_x, s.group_channels()}).permute({0, 3, 1, 2}).contiguous();
    return {result.input, result.weight, result.offset, result.modulation, at::Tensor(), at::Tensor()};
  }
};

at::Tensor deform_conv2d(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset, const optional<at::Tensor>& given,
                         int64_t stride, int64_t padding, int64_t dilation, int64_t groups, int64_t offset_groups) {
  require_flat(input, "retort::deform_conv2d: float or double tensors on the processor are wanted");
  bool modulated = given.has_value() && given->defined();
  // Autograd's functions take no undefined tensor.
  at::Tensor modulation = modulated ? *given : at::empty({0}, input.options());
  auto fits = [&](const at::Tensor& t) { return t.dim() == 4 && t.scalar_type() == input.scalar_type() && t.device().is_cpu(); };
  require(fits(input) && fits(weight) && fits(offset) && (!modulated || fits(modulation)),
      "retort::deform_conv2d: maps, weights, offsets and modulation of four dimensions and one type are wanted");
  require(stride > 0 && padding >= 0 && dilation > 0 && groups > 0 && offset_groups > 0,
      "retort::deform_conv2d: stride, dilation and groups must be above zero");
  require(input.size(1) == weight.size(1) * groups && weight.size(0) % groups == 0 && input.size(1) % offset_groups == 0,
      "retort::deform_conv2d: the channels do not fit the weight and the groups");
  std::vector<int64_t> geometry{stride, padding, dilation, groups, offset_groups, modulated};
  DeformShape s = shape_of(input, weight, geometry);
  require(s.out_height > 0 && s.out_width > 0 && s.height > 0 && s.width > 0, "retort::deform_conv2d: the map is smaller than the kernel");
  std::vector<int64_t> offsets{s.images, 2 * offset_groups * s.taps(), s.out_height, s.out_width},
      modulations{s.images, offset_groups * s.taps(), s.out_height, s.out_width};
  require(offset.sizes() == at::IntArrayRef(offsets)
      && (!modulated || modulation.sizes() == at::IntArrayRef(modulations)), "retort::deform_conv2d: offsets [N, 2*offset groups*taps, "
      "H, W] and modulation [N, offset groups*taps, H, W] of the result's size are wanted");
  return DeformConvolution::apply(
      input, weight, offset, modulation, geometry,
      std::vector<bool>{wants_gradient(input), wants_gradient(weight), wants_gradient(offset), modulated && wants_gradient(modulation)});
}

}  // namespace
}  // namespace retort

TORCH_LIBRARY_FRAGMENT(retort, library) {
  library.def("deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor? modulation, int stride, int padding, int dilation, int "
      "groups, int offset_groups) -> Tensor", &retort::deform_conv2d);
}
