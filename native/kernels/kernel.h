// Shared by the fused kernels: function clones per instruction set, and loops over many tensors as one range.
#pragma once

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdint>
#include <vector>

// The compiler vectorises each marked function once per instruction set; the loader picks one at start-up.
#if defined(__x86_64__) && defined(__GNUC__)
#define RETORT_CLONES __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define RETORT_CLONES
#endif
#define RETORT_INLINE inline __attribute__((always_inline))

namespace retort {

// A piece of one tensor; many small tensors and few large ones then share the threads evenly.
struct Piece {
  int32_t tensor;
  int64_t begin, end;
};

constexpr int64_t kPieceElements = 1 << 15;

inline void add_pieces(std::vector<Piece>& pieces, int32_t tensor, int64_t elements) {
  for (int64_t begin = 0; begin < elements; begin += kPieceElements) {
    pieces.push_back({tensor, begin, std::min(begin + kPieceElements, elements)});
  }
}

// Calls body(piece index) for every piece.
template <typename Body>
void for_each_piece(const std::vector<Piece>& pieces, Body&& body) {
  at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) body(k);
  });
}

// Whether tensors can be walked as flat arrays in step: on the processor, of one real type, the same dense layout.
inline bool same_dense(const at::Tensor& a, const at::Tensor& b) {
  return b.layout() == at::kStrided && b.device().is_cpu() && a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes()
      && a.strides() == b.strides();
}

inline bool is_flat(const at::Tensor& a) {
  return a.layout() == at::kStrided && a.device().is_cpu() && (a.scalar_type() == at::kFloat || a.scalar_type() == at::kDouble) &&
         a.is_non_overlapping_and_dense();
}

}  // namespace retort
