#pragma once

// How the keys of a ruleset's items begin. Constants.

#include <string_view>

namespace fanion::relay::grpc {

inline constexpr std::string_view flag_prefix = "flag/";
inline constexpr std::string_view segment_prefix = "segment/";

}  // namespace fanion::relay::grpc
