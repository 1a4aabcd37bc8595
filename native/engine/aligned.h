// Memory that starts at a cache line.
#pragma once

#include <cstddef>

namespace retort_engine {

struct Aligned {
  explicit Aligned(size_t floats);
  ~Aligned();
  Aligned(const Aligned&) = delete;
  Aligned& operator=(const Aligned&) = delete;
  float* data;
  size_t size;
};

}  // namespace retort_engine
