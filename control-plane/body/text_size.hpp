#pragma once

// How long a JSON text would be, for bounds on what is not written. Pure.

#include <cstddef>

#include "common/json/document.hpp"

namespace fanion::cp::body {

// The bytes of value.to_text(), which is not made.
std::size_t text_size(json::Value value) noexcept;

}  // namespace fanion::cp::body
