#pragma once

// The media types of files by the ends of their names. Pure.

#include <string_view>

namespace fanion::cp::web {

// A literal; "application/octet-stream" for what is not known.
std::string_view media_type_of(std::string_view name) noexcept;

}  // namespace fanion::cp::web
