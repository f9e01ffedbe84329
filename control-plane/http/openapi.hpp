#pragma once

// The OpenAPI 3.1 document of the admin API, compact. Immutable.

#include <string_view>

namespace fanion::cp::http {

std::string_view openapi_json() noexcept;

}  // namespace fanion::cp::http
