// Any processor: vectors of 4 floats, which every 64-bit one has.
#define LANES 4
#define TILE 6
#define OUTER 4
#include "kernels.inc"

namespace retort_engine {
SET(generic_kernels);
}
