#include "bridge.h"

namespace retort {
namespace {
thread_local std::string last_error;
}
void set_error(const char* message) { last_error = message; }
}  // namespace retort

// The message of the last failed call on this thread; valid until the next one.
RETORT_API const char* retort_last_error() { return retort::last_error.c_str(); }
