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
}
