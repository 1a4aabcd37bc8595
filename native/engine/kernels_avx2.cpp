// AVX2 with FMA: 6 x 2 sums of 8 floats fill 12 of 16 registers.
#define LANES 8
#define TILE 6
#define OUTER 4
#include "kernels.inc"

namespace retort_engine {
SET(avx2_kernels);
}
