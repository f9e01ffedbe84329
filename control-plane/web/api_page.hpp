#pragma once

// The page that describes the admin API, made of its OpenAPI document when the program is built
// (proto-schemas/openapi/page). It needs nothing beside itself: no script, and one style sheet,
// which is inside it.

#include <string_view>

#include "control-plane/web/served_file.hpp"

namespace fanion::cp::web {

// As it is built in.
std::string_view api_page_gzip() noexcept;
// SHA-256 of the style sheet, in base64.
std::string_view api_page_style_hash() noexcept;

ServedFile make_api_page();

}  // namespace fanion::cp::web
