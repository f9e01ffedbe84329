#pragma once

// Findings about the life of a flag, as the API shows them. Pure.

#include <optional>
#include <vector>

#include "common/base/clock.hpp"
#include "common/json/writer.hpp"
#include "control-plane/lifecycle/verdict.hpp"

namespace fanion::cp::lifecycle {

void write_time(json::Writer& w, std::string_view member, std::optional<UnixMillis> at);
// The variation, null where it is the caller's own default.
void write_variation(json::Writer& w, std::string_view member, const std::string& variation);
void write_finding(json::Writer& w, const LifeFinding& finding);

}  // namespace fanion::cp::lifecycle
