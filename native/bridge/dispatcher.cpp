// The boxed dispatcher: any operator by name and overload, arguments converted by the operator's schema.
#include "bridge.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>

#include <cstdlib>
#include <vector>

namespace retort {
namespace {

// What the caller sends. The numbers are shared with ArgTag in C#.
enum Tag : int32_t {
  kDefault = 0,     // the schema's default
  kNone = 1,
  kTensor = 2,      // p = handle, may be null
  kInt = 3,
  kDouble = 4,
  kBool = 5,
  kIntList = 6,     // p = int64_t[n]
  kDoubleList = 7,  // p = double[n]
  kTensorList = 8,  // p = handle[n]
  kString = 9,      // p = utf-8, n bytes
  kDevice = 10,     // n = type, i = index
  kObject = 11,     // p = owned IValue*
};

struct Arg {
  int32_t tag;
  int32_t n;
  union {
    int64_t i;
    double d;
    void* p;
  };
};

// What the schema wants.
enum class Kind { Tensor, OptionalTensor, TensorList, OptionalTensorList, Int, IntList, Double, DoubleList, Bool, BoolList, Scalar, String,
    Device, Other };

struct Parameter {
  Kind kind;
  bool optional;
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
};

Kind kind_of(const c10::TypePtr& type);

Kind list_kind(const c10::TypePtr& element) {
  if (auto optional = element->cast<c10::OptionalType>()) {
    return kind_of(optional->getElementType()) == Kind::Tensor ? Kind::OptionalTensorList : Kind::Other;
  }
  switch (kind_of(element)) {
    case Kind::Tensor: return Kind::TensorList;
    case Kind::Int: return Kind::IntList;
    case Kind::Double: return Kind::DoubleList;
    case Kind::Bool: return Kind::BoolList;
    default: return Kind::Other;
  }
}

Kind kind_of(const c10::TypePtr& type) {
  switch (type->kind()) {
    case c10::TypeKind::TensorType: return Kind::Tensor;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return Kind::Int;
    case c10::TypeKind::FloatType: return Kind::Double;
    case c10::TypeKind::BoolType: return Kind::Bool;
    case c10::TypeKind::NumberType: return Kind::Scalar;
    case c10::TypeKind::StringType: return Kind::String;
    case c10::TypeKind::DeviceObjType: return Kind::Device;
    case c10::TypeKind::ListType: return list_kind(type->castRaw<c10::ListType>()->getElementType());
    default: return Kind::Other;
  }
}

Parameter parameter_of(const c10::TypePtr& type) {
  if (auto optional = type->cast<c10::OptionalType>()) {
    Kind inner = kind_of(optional->getElementType());
    return {inner == Kind::Tensor ? Kind::OptionalTensor : inner, true};
  }
  return {kind_of(type), false};
}

[[noreturn]] void mismatch(const Operator& op, size_t index, const char* wanted) {
  const auto& schema = op.handle.schema();
  throw std::invalid_argument(schema.name() + ": argument '" + schema.arguments()[index].name() + "' must be " + wanted);
}

int64_t as_int(const Operator& op, size_t index, const Arg& arg) {
  if (arg.tag == kInt || arg.tag == kBool) return arg.i;
  mismatch(op, index, "an integer");
}

c10::IValue as_int_list(const Operator& op, size_t index, const Arg& arg) {
  c10::List<int64_t> list;
  if (arg.tag == kInt) {
    list.push_back(arg.i);
  } else if (arg.tag == kIntList) {
    auto* values = static_cast<int64_t*>(arg.p);
    list.reserve(arg.n);
    for (int32_t k = 0; k < arg.n; ++k) list.push_back(values[k]);
  } else {
    mismatch(op, index, "a list of integers");
  }
  return list;
}

c10::IValue as_double_list(const Operator& op, size_t index, const Arg& arg) {
  c10::List<double> list;
  if (arg.tag != kDoubleList) mismatch(op, index, "a list of numbers");
  auto* values = static_cast<double*>(arg.p);
  for (int32_t k = 0; k < arg.n; ++k) list.push_back(values[k]);
  return list;
}

c10::IValue as_bool_list(const Operator& op, size_t index, const Arg& arg) {
  c10::List<bool> list;
  if (arg.tag != kIntList) mismatch(op, index, "a list of booleans");
  auto* values = static_cast<int64_t*>(arg.p);
  for (int32_t k = 0; k < arg.n; ++k) list.push_back(values[k] != 0);
  return list;
}

template <typename Element>
c10::IValue as_tensor_list(const Operator& op, size_t index, const Arg& arg) {
  if (arg.tag != kTensorList) mismatch(op, index, "a list of tensors");
  c10::List<Element> list;
  list.reserve(arg.n);
  auto** handles = static_cast<void**>(arg.p);
  for (int32_t k = 0; k < arg.n; ++k) {
    if constexpr (std::is_same_v<Element, at::Tensor>) {
      list.push_back(borrow(handles[k]));
    } else {
      list.push_back(handles[k] ? Element(borrow(handles[k])) : Element());
    }
  }
  return list;
}

c10::IValue convert(const Operator& op, size_t index, const Arg& arg) {
  const Parameter& parameter = op.parameters[index];
  if (arg.tag == kNone || (arg.tag == kTensor && !arg.p)) {
    if (parameter.kind == Kind::Tensor) return at::Tensor();
    if (!parameter.optional) mismatch(op, index, "given (it is not optional)");
    return c10::IValue();
  }
  switch (parameter.kind) {
    case Kind::Tensor:
    case Kind::OptionalTensor:
      if (arg.tag != kTensor) mismatch(op, index, "a tensor");
      return borrow(arg.p);
    case Kind::TensorList: return as_tensor_list<at::Tensor>(op, index, arg);
    case Kind::OptionalTensorList: return as_tensor_list<optional<at::Tensor>>(op, index, arg);
    case Kind::Int: return as_int(op, index, arg);
    case Kind::IntList: return as_int_list(op, index, arg);
    case Kind::DoubleList: return as_double_list(op, index, arg);
    case Kind::BoolList: return as_bool_list(op, index, arg);
    case Kind::Double:
      if (arg.tag == kInt) return static_cast<double>(arg.i);
      if (arg.tag != kDouble) mismatch(op, index, "a number");
      return arg.d;
    case Kind::Bool:
      if (arg.tag != kBool) mismatch(op, index, "a boolean");
      return arg.i != 0;
    case Kind::Scalar:
      if (arg.tag == kDouble) return arg.d;
      if (arg.tag == kBool) return arg.i != 0;
      return as_int(op, index, arg);
    case Kind::String:
      if (arg.tag != kString) mismatch(op, index, "a string");
      return std::string(static_cast<const char*>(arg.p), arg.n);
    case Kind::Device:
      if (arg.tag != kDevice) mismatch(op, index, "a device");
      return c10::Device(static_cast<c10::DeviceType>(arg.n), static_cast<c10::DeviceIndex>(arg.i));
    case Kind::Other: break;
  }
  mismatch(op, index, "of a kind that the bridge can pass");
}

void push_arguments(const Operator& op, const Arg* args, int32_t count, c10::Stack& stack) {
  const auto& formals = op.handle.schema().arguments();
  if (static_cast<size_t>(count) > formals.size()) {
    throw std::invalid_argument(op.handle.schema().name() + ": takes " + std::to_string(formals.size()) + " arguments, got "
        + std::to_string(count));
  }
  stack.reserve(formals.size());
  for (size_t k = 0; k < formals.size(); ++k) {
    if (k < static_cast<size_t>(count) && args[k].tag != kDefault) {
      stack.push_back(convert(op, k, args[k]));
    } else if (formals[k].default_value()) {
      stack.push_back(*formals[k].default_value());
    } else {
      mismatch(op, k, "given (it has no default)");
    }
  }
}

Arg give_list(const c10::IValue& value) {
  auto list = value.toTensorVector();
  auto** handles = static_cast<void**>(std::malloc(sizeof(void*) * std::max<size_t>(1, list.size())));
  for (size_t k = 0; k < list.size(); ++k) handles[k] = give(std::move(list[k]));
  Arg result{kTensorList, static_cast<int32_t>(list.size()), {}};
  result.p = handles;
  return result;
}

Arg give_value(c10::IValue&& value) {
  Arg result{kNone, 0, {}};
  if (value.isTensor()) {
    result.tag = kTensor;
    result.p = give(std::move(value).toTensor());
  } else if (value.isInt()) {
    result.tag = kInt;
    result.i = value.toInt();
  } else if (value.isDouble()) {
    result.tag = kDouble;
    result.d = value.toDouble();
  } else if (value.isBool()) {
    result.tag = kBool;
    result.i = value.toBool();
  } else if (value.isTensorList()) {
    result = give_list(value);
  } else if (!value.isNone()) {
    result.tag = kObject;
    result.p = new c10::IValue(std::move(value));
  }
  return result;
}

}  // namespace
}  // namespace retort

using retort::Arg;
using retort::Operator;

// Finds an operator and resolves what each of its arguments wants, once.
RETORT_API int retort_operator_find(const char* name, const char* overload, void** result) {
  return retort::guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    auto op = std::make_unique<Operator>(Operator{handle, {}});
    for (const auto& argument : handle.schema().arguments()) op->parameters.push_back(retort::parameter_of(argument.type()));
    *result = op.release();
  });
}

// Calls an operator. `results` has room for `capacity` values; `produced` says how many there are.
RETORT_API int retort_operator_call(void* handle, const Arg* args, int32_t count, Arg* results, int32_t capacity, int32_t* produced) {
  return retort::guarded([&] {
    auto* op = static_cast<Operator*>(handle);
    c10::Stack stack;
    retort::push_arguments(*op, args, count, stack);
    op->handle.callBoxed(&stack);
    if (stack.size() > static_cast<size_t>(capacity)) throw std::invalid_argument(
        op->handle.schema().name() + ": more results than expected");
    for (size_t k = 0; k < stack.size(); ++k) results[k] = retort::give_value(std::move(stack[k]));
    *produced = static_cast<int32_t>(stack.size());
  });
}

RETORT_API void retort_object_free(void* object) { delete static_cast<c10::IValue*>(object); }

RETORT_API void retort_buffer_free(void* buffer) { std::free(buffer); }
