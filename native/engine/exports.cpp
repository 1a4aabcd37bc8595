// The engine as C functions.
#include "bridge/bridge.h"
#include "engine.h"

using namespace retort;
using namespace retort_engine;

RETORT_API int retort_engine_new(int32_t lanes, void** engine) {
  return guarded([&] {
    auto made = std::make_unique<Engine>();
    made->kernels = &best_kernels(lanes);
    *engine = made.release();
  });
}

// Plans must be freed first.
RETORT_API void retort_engine_free(void* engine) { delete static_cast<Engine*>(engine); }

RETORT_API int retort_engine_plan(void* engine, const NodeSpec* nodes, int32_t count, void** inputs, int32_t input_count, void** plan) {
  return guarded([&] {
    std::vector<std::vector<int64_t>> shapes;
    for (int32_t k = 0; k < input_count; ++k) shapes.push_back(borrow(inputs[k]).sizes().vec());
    *plan = new Plan(*static_cast<Engine*>(engine), nodes, count, shapes);
  });
}

RETORT_API void retort_engine_plan_free(void* plan) { delete static_cast<Plan*>(plan); }

// Inputs: float, [N, C, H, W], on the processor. `outputs` has room for as many maps as the plan gives.
RETORT_API int retort_engine_run(void* plan, void** inputs, int32_t input_count, void** outputs) {
  return guarded([&] {
    std::vector<at::Tensor> dense;
    for (int32_t k = 0; k < input_count; ++k) dense.push_back(borrow(inputs[k]).contiguous());
    auto results = static_cast<Plan*>(plan)->run(dense);
    for (size_t k = 0; k < results.size(); ++k) outputs[k] = give(std::move(results[k]));
  });
}

// Sum of the version counters: it changes when any of the tensors is written in place.
RETORT_API int64_t retort_tensor_versions(void** tensors, int32_t count) {
  int64_t sum = 0;
  for (int32_t k = 0; k < count; ++k) sum += impl(tensors[k])->version_counter().current_version();
  return sum;
}
