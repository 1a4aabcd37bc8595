# Finds libtorch 1.13 or 2.x. Sets TORCH_INCLUDE_DIRS, TORCH_LIBRARIES, TORCH_CXX_FLAGS, RETORT_TORCH_VERSION and RETORT_CXX_STANDARD.
#
# TORCH_DIR names a libtorch folder or the folder of an installed Python package "torch", with include/ and lib/ in it. Such a libtorch
# is linked directly: its own CMake files demand a whole CUDA toolkit where it was built for CUDA, and this bridge compiles no CUDA code.
# Without TORCH_DIR, or where that folder has no headers (Debian's Python package), CMake's usual search decides.

set(RETORT_CXX_STANDARD "" CACHE STRING "C++ standard to compile in: 17 or 20; by default what the libtorch that is found wants")

if(TORCH_DIR AND EXISTS "${TORCH_DIR}/include/ATen" AND EXISTS "${TORCH_DIR}/lib/libtorch_cpu.so")
  set(TORCH_INCLUDE_DIRS "${TORCH_DIR}/include" "${TORCH_DIR}/include/torch/csrc/api/include")
  set(TORCH_LIBRARIES "${TORCH_DIR}/lib/libtorch.so" "${TORCH_DIR}/lib/libtorch_cpu.so" "${TORCH_DIR}/lib/libc10.so")
  if(EXISTS "${TORCH_DIR}/lib/libtorch_cuda.so")
    # Nothing refers to a symbol of the CUDA libraries: they register their operators when they are loaded.
    list(APPEND TORCH_LIBRARIES -Wl,--no-as-needed "${TORCH_DIR}/lib/libtorch_cuda.so" "${TORCH_DIR}/lib/libc10_cuda.so" -Wl,--as-needed)
  endif()
  # The C++ library's ABI that this libtorch was compiled with; Debian's has the compiler's own, and does not say so.
  if(EXISTS "${TORCH_DIR}/share/cmake/Torch/TorchConfig.cmake")
    file(STRINGS "${TORCH_DIR}/share/cmake/Torch/TorchConfig.cmake" RETORT_ABI REGEX "_GLIBCXX_USE_CXX11_ABI=[01]")
    string(REGEX MATCH "-D_GLIBCXX_USE_CXX11_ABI=[01]" TORCH_CXX_FLAGS "${RETORT_ABI}")
  endif()
else()
  if(TORCH_DIR)
    list(APPEND CMAKE_PREFIX_PATH "${TORCH_DIR}" "${TORCH_DIR}/share/cmake")
  endif()
  find_package(Torch REQUIRED)
endif()

# Since 2.9 the numbers are in a header of their own, which version.h includes.
set(RETORT_TORCH_VERSION "")
foreach(folder ${TORCH_INCLUDE_DIRS} /usr/include)
  foreach(header torch/headeronly/version.h torch/version.h torch/csrc/api/include/torch/version.h)
    if(NOT RETORT_TORCH_VERSION AND EXISTS "${folder}/${header}")
      file(STRINGS "${folder}/${header}" RETORT_VERSION_LINES REGEX "#define TORCH_VERSION_(MAJOR|MINOR) ")
      string(REGEX MATCHALL "[0-9]+" RETORT_VERSION_NUMBERS "${RETORT_VERSION_LINES}")
      list(JOIN RETORT_VERSION_NUMBERS "." RETORT_TORCH_VERSION)
    endif()
  endforeach()
endforeach()

# The headers of 1.13 are C++14 and do not compile as C++20 everywhere; newer ones are C++17 or, lately, C++20.
if(NOT RETORT_CXX_STANDARD)
  if(RETORT_TORCH_VERSION VERSION_LESS 2.0)
    set(RETORT_CXX_STANDARD 17)
  else()
    set(RETORT_CXX_STANDARD 20)
  endif()
endif()
