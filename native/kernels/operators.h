// What operators with their own gradient share.
#pragma once

#include "bridge/bridge.h"
#include "kernel.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <stdexcept>

namespace retort {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

template <typename Body>
void by_type(const at::Tensor& tensor, Body&& body) {
  if (tensor.scalar_type() == at::kFloat) body(float());
  else body(double());
}

inline void require(bool holds, const char* message) {
  if (!holds) throw std::invalid_argument(message);
}

inline void require_flat(const at::Tensor& tensor, const char* message) {
  require(tensor.device().is_cpu() && (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kDouble), message);
}

inline bool wants_gradient(const at::Tensor& tensor) { return at::GradMode::is_enabled() && tensor.requires_grad(); }

}  // namespace retort
