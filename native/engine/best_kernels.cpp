// The choice of an instruction set.
#include "kernels.h"

namespace retort_engine {

const KernelSet& best_kernels(int lanes) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  bool wide = fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512bw");
  if (wide && lanes >= 16) return avx512_kernels;
  if (fma && lanes >= 8) return avx2_kernels;
#endif
  return generic_kernels;
}

}  // namespace retort_engine
