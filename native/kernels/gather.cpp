// Selected cells of a map as rows. libtorch's own indexing builds index tensors for every dimension and adds gradients one by one.
#include "operators.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

namespace retort {
namespace {

// Calls body(row k, start of its first channel in the map, step between channels) for each selected cell.
template <typename Body>
void for_cells(const at::Tensor& coordinates, at::IntArrayRef map, int64_t per_cell, Body&& body) {
  int64_t pixels = map[2] * map[3], depth = map[1] / per_cell, count = coordinates.size(1);
  const int64_t* at = coordinates.data_ptr<int64_t>();
  int64_t row = coordinates.stride(0), column = coordinates.stride(1);
  for (int64_t k = 0; k < count; ++k) {
    const int64_t* c = at + k * column;
    int64_t image = c[0], anchor = c[row], y = c[2 * row], x = c[3 * row];
    require(image >= 0 && image < map[0] && anchor >= 0 && anchor < per_cell && y >= 0 && y < map[2] && x >= 0 && x < map[3],
        "retort::gather_cells: a cell lies outside its map");
    body(k, (image * map[1] + anchor * depth) * pixels + y * map[3] + x, pixels);
  }
}

struct GatherCells : torch::autograd::Function<GatherCells> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& map, const at::Tensor& coordinates, int64_t per_cell) {
    at::Tensor m = map.contiguous();
    int64_t depth = m.size(1) / per_cell;
    at::Tensor rows = at::empty({coordinates.size(1), depth}, m.options());
    by_type(m, [&](auto tag) {
      using T = decltype(tag);
      const T* source = m.data_ptr<T>();
      T* target = rows.data_ptr<T>();
      for_cells(coordinates, m.sizes(), per_cell, [&](int64_t k, int64_t start, int64_t step) {
        for (int64_t c = 0; c < depth; ++c) target[k * depth + c] = source[start + c * step];
      });
    });
    context->save_for_backward({coordinates});
    context->saved_data["shape"] = m.sizes().vec();
    context->saved_data["per_cell"] = per_cell;
    return rows;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    at::Tensor coordinates = context->get_saved_variables()[0], rows = gradients[0].contiguous();
    std::vector<int64_t> shape = context->saved_data["shape"].toIntVector();
    int64_t per_cell = context->saved_data["per_cell"].toInt(), depth = shape[1] / per_cell;
    at::Tensor map = at::zeros(shape, rows.options());
    by_type(rows, [&](auto tag) {
      using T = decltype(tag);
      const T* source = rows.data_ptr<T>();
      T* target = map.data_ptr<T>();
      for_cells(coordinates, shape, per_cell, [&](int64_t k, int64_t start, int64_t step) {
        for (int64_t c = 0; c < depth; ++c) target[start + c * step] += source[k * depth + c];
      });
    });
    return {map, at::Tensor(), at::Tensor()};
  }
};

at::Tensor gather_cells(const at::Tensor& map, const at::Tensor& coordinates, int64_t per_cell) {
  require_flat(map, "retort::gather_cells: float or double tensors on the processor are wanted");
  require(map.dim() == 4 && per_cell > 0 && map.size(1) % per_cell == 0 && coordinates.dim() == 2 && coordinates.size(0) == 4
      && coordinates.scalar_type() == at::kLong && coordinates.device().is_cpu(),
      "retort::gather_cells: a map [N, A*D, H, W] and int64 coordinates [4, K] are wanted");
  return GatherCells::apply(map, coordinates, per_cell);
}

}  // namespace
}  // namespace retort

TORCH_LIBRARY_FRAGMENT(retort, library) {
  library.def("gather_cells(Tensor map, Tensor coordinates, int per_cell) -> Tensor", &retort::gather_cells);
}
