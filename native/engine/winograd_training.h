// The three convolutions of training, 3x3 with stride and padding 1, by Winograd's F(4x4, 3x3) (Lavin and Gray 2016): the result, the
// gradient of the input and that of the weight.
#pragma once

#include "kernels.h"

#include <ATen/core/Tensor.h>

namespace retort_engine {

// All maps are float [N, channels, H, W], all weights float [out, in, 3, 3], dense and on the processor. Results do not depend on the
// number of threads.

// `bias` float [out], or undefined.
at::Tensor winograd_convolution(const KernelSet& kernels, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias);
at::Tensor winograd_input_gradient(const KernelSet& kernels, const at::Tensor& gradient, const at::Tensor& weight);
at::Tensor winograd_weight_gradient(const KernelSet& kernels, const at::Tensor& input, const at::Tensor& gradient);

}  // namespace retort_engine
