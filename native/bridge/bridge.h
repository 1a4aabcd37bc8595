// Shared by all sources of the bridge: handles, error reporting and the export macro.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/version.h>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#define RETORT_API extern "C" __attribute__((visibility("default")))

namespace retort {

// libtorch's own type up to 2.3, later a second name of the standard's that will be gone one day.
#if TORCH_VERSION_MAJOR < 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR < 4)
using c10::optional;
#else
using std::optional;
#endif

// A handle is a TensorImpl* that owns one reference.
inline at::Tensor borrow(void* handle) {
  if (!handle) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(
      static_cast<c10::TensorImpl*>(handle)));
}

inline void* give(at::Tensor&& tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

inline c10::TensorImpl* impl(void* handle) { return static_cast<c10::TensorImpl*>(handle); }

void set_error(const char* message);

// Runs `body`, turns any exception into a status: 0 is success, 1 leaves a message for retort_last_error.
template <typename Body>
int guarded(Body&& body) {
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    set_error(e.what_without_backtrace());
  } catch (const std::exception& e) {
    set_error(e.what());
  } catch (...) {
    set_error("unknown native exception");
  }
  return 1;
}

}  // namespace retort
