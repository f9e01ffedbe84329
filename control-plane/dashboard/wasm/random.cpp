// Replaces common/base/ids.cpp, whose random numbers the module has none of: drafts name new rules by their number.

#include <cstdlib>

#include "common/base/ids.hpp"

namespace fanion {

std::string random_id(std::string_view, std::size_t) { std::abort(); }

}  // namespace fanion
