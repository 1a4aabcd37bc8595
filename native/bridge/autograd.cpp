#include "bridge.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <vector>

using namespace retort;

namespace {
std::vector<at::Tensor> borrow_all(void** handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t k = 0; k < count; ++k) tensors.push_back(borrow(handles[k]));
  return tensors;
}
}  // namespace

RETORT_API int32_t retort_grad_mode_get() { return c10::GradMode::is_enabled(); }

RETORT_API void retort_grad_mode_set(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

RETORT_API int32_t retort_tensor_requires_grad(
    void* tensor) { return impl(tensor)->requires_grad() || borrow(tensor).grad_fn() != nullptr; }

RETORT_API int retort_tensor_set_requires_grad(void* tensor, int32_t value) {
  return guarded([&] { borrow(tensor).set_requires_grad(value != 0); });
}

RETORT_API int retort_tensor_grad(void* tensor, void** grad) {
  return guarded([&] {
    at::Tensor g = borrow(tensor).grad();
    *grad = give(std::move(g));
  });
}

RETORT_API int retort_tensor_set_grad(void* tensor, void* grad) {
  return guarded([&] { borrow(tensor).mutable_grad() = borrow(grad); });
}

RETORT_API int retort_backward(void** outputs, void** gradients, int32_t count, int32_t retain_graph) {
  return guarded([&] {
    auto outs = borrow_all(outputs, count);
    std::vector<at::Tensor> grads = gradients ? borrow_all(gradients, count) : std::vector<at::Tensor>{};
    torch::autograd::backward(outs, grads, retain_graph != 0);
  });
}

// Gradients of the outputs' sum; an input that takes no part gives null.
RETORT_API int retort_grad(void** outputs, int32_t output_count, void** inputs, int32_t input_count, void** gradients,
                           int32_t retain_graph, int32_t create_graph, void** results) {
  return guarded([&] {
    std::vector<at::Tensor> grads = gradients ? borrow_all(gradients, output_count) : std::vector<at::Tensor>{};
    auto found = torch::autograd::grad(borrow_all(outputs, output_count), borrow_all(inputs, input_count), grads,
                                       retort::optional<bool>(retain_graph != 0), create_graph != 0, /*allow_unused=*/true);
    for (int32_t k = 0; k < input_count; ++k) results[k] = give(std::move(found[k]));
  });
}
