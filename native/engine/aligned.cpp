#include "aligned.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace retort_engine {

namespace {
constexpr size_t kLine = 64, kHugePage = 1 << 21;
}

Aligned::Aligned(size_t floats) : data(nullptr), size(floats) {
  size_t bytes = std::max<size_t>(floats, 16) * sizeof(float);
  // Winograd's transforms write to 36 places in turn, more pages than a processor's first table of them has.
  size_t page = bytes >= kHugePage ? kHugePage : kLine;
  bytes = (bytes + page - 1) / page * page;
  data = static_cast<float*>(std::aligned_alloc(page, bytes));
  if (!data) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  if (page == kHugePage) madvise(data, bytes, MADV_HUGEPAGE);
#endif
}

Aligned::~Aligned() { std::free(data); }

}  // namespace retort_engine
