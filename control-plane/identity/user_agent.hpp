#pragma once

// What a client calls itself, as it can be stored and shown. Pure.

#include <string>
#include <string_view>

namespace fanion::cp::identity {

// The first 200 bytes of the header; what is not printable ASCII becomes '?'.
std::string shown_user_agent(std::string_view header);

}  // namespace fanion::cp::identity
