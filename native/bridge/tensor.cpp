// What the dispatcher cannot do: handles, properties, raw memory.
#include "bridge.h"

#include <ATen/Functions.h>
#include <ATen/ops/from_blob.h>

using namespace retort;

RETORT_API void retort_tensor_free(void* tensor) {
  if (tensor) c10::raw::intrusive_ptr::decref(impl(tensor));
}

RETORT_API void retort_tensor_free_many(void** tensors, int32_t count) {
  for (int32_t k = 0; k < count; ++k) retort_tensor_free(tensors[k]);
}

RETORT_API void* retort_tensor_alias(void* tensor) {
  c10::raw::intrusive_ptr::incref(impl(tensor));
  return tensor;
}

RETORT_API int32_t retort_tensor_dim(void* tensor) { return static_cast<int32_t>(impl(tensor)->dim()); }

RETORT_API void retort_tensor_sizes(void* tensor, int64_t* sizes) {
  auto s = impl(tensor)->sizes();
  for (size_t k = 0; k < s.size(); ++k) sizes[k] = s[k];
}

RETORT_API void retort_tensor_strides(void* tensor, int64_t* strides) {
  auto s = impl(tensor)->strides();
  for (size_t k = 0; k < s.size(); ++k) strides[k] = s[k];
}

RETORT_API int64_t retort_tensor_numel(void* tensor) { return impl(tensor)->numel(); }

RETORT_API int32_t retort_tensor_dtype(void* tensor) {
  return static_cast<int32_t>(c10::typeMetaToScalarType(impl(tensor)->dtype()));
}

RETORT_API int32_t retort_tensor_device_type(void* tensor) { return static_cast<int32_t>(impl(tensor)->device().type()); }

RETORT_API int32_t retort_tensor_device_index(void* tensor) { return static_cast<int32_t>(impl(tensor)->device().index()); }

RETORT_API int32_t retort_tensor_is_contiguous(void* tensor) { return impl(tensor)->is_contiguous(); }

RETORT_API int retort_tensor_data(void* tensor, void** data) {
  return guarded([&] { *data = borrow(tensor).data_ptr(); });
}

// Wraps memory of the caller, which must outlive every use of the result.
RETORT_API int retort_tensor_from_memory(void* data, const int64_t* sizes, int32_t dim, int32_t dtype, void** result) {
  return guarded([&] {
    *result = give(at::from_blob(data, at::IntArrayRef(sizes, dim), at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype))));
  });
}
