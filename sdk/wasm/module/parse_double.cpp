// Replaces common/json/parse_double.cpp where the standard library has no from_chars() for double. wasi-libc's strtod()
// rounds correctly and has only the locale "C".

#include <cstdlib>
#include <string>

#include "common/json/document.hpp"

namespace fanion::json {

double parse_double(std::string_view number) noexcept { return std::strtod(std::string(number).c_str(), nullptr); }

}  // namespace fanion::json
