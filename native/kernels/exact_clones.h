// RETORT_EXACT_CLONES: one clone of a function for AVX2 and one for any processor; the loader picks. Neither may fuse multiplications
// with additions, so both give the bits that the reference's scalar code gives. (RETORT_CLONES of kernel.h is faster and not so exact.)
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RETORT_EXACT_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define RETORT_EXACT_CLONES
#endif
