#pragma once

// What flags and segments refer to. Pure.

#include <set>
#include <string>

#include "common/model/flag.hpp"

namespace fanion::cp::body {

struct References {
    std::set<std::string> flags;     // prerequisites
    std::set<std::string> segments;  // in conditions
    friend bool operator==(const References&, const References&) = default;
};

// Direct references only.
References references_of(const model::FlagConfig& config);
References references_of(const model::Segment& segment);

}  // namespace fanion::cp::body
