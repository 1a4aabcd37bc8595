// The engine's Winograd convolution as an operator with its gradient. It saves the maps as they are, not their transformed tiles, which
// are 36/16 as large and are made anew in a few percent of the time of the products.
#include "engine/winograd_training.h"
#include "operators.h"

#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>

namespace retort {
namespace {

struct WinogradConvolution : torch::autograd::Function<WinogradConvolution> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
      int64_t lanes, std::vector<bool> wanted) {
    context->save_for_backward({input, weight});
    context->saved_data["lanes"] = lanes;
    for (int k = 0; k < 3; ++k) context->saved_data[std::to_string(k)] = static_cast<bool>(wanted[k]);
    return retort_engine::winograd_convolution(
        retort_engine::best_kernels(static_cast<int>(lanes)), input.contiguous(), weight.contiguous(), bias.numel() > 0 ? bias.contiguous()
        : at::Tensor());
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    variable_list saved = context->get_saved_variables();
    bool wants[3];
    for (int k = 0; k < 3; ++k) wants[k] = context->saved_data[std::to_string(k)].toBool();
    if (at::GradMode::is_enabled()) return differentiable(gradients[0], saved[0], saved[1], wants);
    const auto& kernels = retort_engine::best_kernels(static_cast<int>(context->saved_data["lanes"].toInt()));
    at::Tensor gradient = gradients[0].contiguous(), input, weight, bias;
    if (wants[0]) input = retort_engine::winograd_input_gradient(kernels, gradient, saved[1].contiguous());
    if (wants[1]) weight = retort_engine::winograd_weight_gradient(kernels, saved[0].contiguous(), gradient);
    if (wants[2]) bias = gradient.sum(at::IntArrayRef{0, 2, 3});
    return {input, weight, bias, at::Tensor(), at::Tensor()};
  }

  // Where the gradient must have a gradient, libtorch's own.
  static variable_list differentiable(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, const bool* wants) {
    int64_t outputs = weight.size(0);
    auto [a, b, c] = at::convolution_backward(gradient, input, weight, at::IntArrayRef(outputs), {1, 1}, {1, 1}, {1, 1}, false, {0, 0}, 1,
        {wants[0], wants[1], wants[2]});
    return {a, b, c, at::Tensor(), at::Tensor()};
  }
};

at::Tensor winograd_conv2d(const at::Tensor& input, const at::Tensor& weight, const optional<at::Tensor>& given, int64_t lanes) {
  bool biased = given.has_value() && given->defined();
  // Autograd's functions take no undefined tensor.
  at::Tensor bias = biased ? *given : at::empty({0}, input.options());
  auto fits = [](const at::Tensor& t, int64_t dimensions) { return t.dim() == dimensions && t.scalar_type() == at::kFloat
      && t.device().is_cpu() && t.layout() == at::kStrided; };
  require(fits(input, 4) && fits(weight, 4) && fits(bias, 1),
      "retort::winograd_conv2d: float maps and weights of four dimensions and a bias of one are wanted, on the processor");
  require(weight.size(2) == 3 && weight.size(3) == 3 && weight.size(1) == input.size(1) && weight.numel() > 0,
      "retort::winograd_conv2d: a weight [out, in, 3, 3] for the input's channels is wanted");
  require(!biased || bias.size(0) == weight.size(0), "retort::winograd_conv2d: a bias [out] is wanted");
  return WinogradConvolution::apply(
      input, weight, bias, lanes, std::vector<bool>{wants_gradient(input), wants_gradient(weight), biased && wants_gradient(bias)});
}

}  // namespace
}  // namespace retort

TORCH_LIBRARY_FRAGMENT(retort, library) {
  library.def("winograd_conv2d(Tensor input, Tensor weight, Tensor? bias, int lanes) -> Tensor", &retort::winograd_conv2d);
}
