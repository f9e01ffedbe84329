// common/json/parse_double.cpp for a standard library without from_chars for double. strtod of wasi-libc rounds correctly and
// knows no locale but "C".

#include <cstdlib>
#include <string>

#include "common/json/document.hpp"

namespace fanion::json {

double parse_double(std::string_view number) noexcept { return std::strtod(std::string(number).c_str(), nullptr); }

}  // namespace fanion::json
