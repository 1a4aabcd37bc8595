// AVX-512: 14 x 2 sums of 16 floats fill 28 of 32 registers.
#define LANES 16
#define TILE 14
#define OUTER 8
#include "kernels.inc"

namespace retort_engine {
SET(avx512_kernels);
}
