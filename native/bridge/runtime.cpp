// Process-wide settings and facts of the libtorch that is loaded.
#include "bridge.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include <dlfcn.h>

using namespace retort;

RETORT_API const char* retort_torch_version() { return TORCH_VERSION; }

// Where the loaded libtorch lies.
RETORT_API const char* retort_torch_path() {
  static const std::string path = [] {
    Dl_info info;
    void* symbol = reinterpret_cast<void*>(static_cast<at::Context& (*)()>(&at::globalContext));
    return std::string(dladdr(symbol, &info) && info.dli_fname ? info.dli_fname : "");
  }();
  return path.c_str();
}

RETORT_API const char* retort_build_configuration() {
  static const std::string text = at::show_config();
  return text.c_str();
}

RETORT_API int32_t retort_threads_get() { return at::get_num_threads(); }

RETORT_API int retort_threads_set(int32_t count) {
  return guarded([&] { at::set_num_threads(count); });
}

RETORT_API int32_t retort_cuda_available() { return at::globalContext().hasCUDA(); }

RETORT_API int retort_seed(int64_t seed) {
  return guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

RETORT_API void retort_deterministic(int32_t enabled) {
  at::globalContext().setDeterministicAlgorithms(enabled != 0, /*warn_only=*/true);
  at::globalContext().setDeterministicCuDNN(enabled != 0);
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  // New memory is written before it is read here; filling it with NaN, which is for finding who does not, costs time.
  at::globalContext().setDeterministicFillUninitializedMemory(false);
#endif
}

// Whether float32 matrix products and convolutions of a GPU may round their inputs to TF32.
RETORT_API int32_t retort_tf32_get() { return at::globalContext().allowTF32CuBLAS() && at::globalContext().allowTF32CuDNN(); }

RETORT_API void retort_tf32_set(int32_t allowed) {
  at::globalContext().setAllowTF32CuBLAS(allowed != 0);
  at::globalContext().setAllowTF32CuDNN(allowed != 0);
}
