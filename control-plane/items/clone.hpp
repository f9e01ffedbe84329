#pragma once

// A new flag or segment like another: what both read of a request for one. Pure.

#include <set>
#include <string>
#include <vector>

#include "common/json/reader.hpp"

namespace fanion::cp::items {

// The member `environments`: those of `configs` whose configuration is copied; all unless it is
// given.
template <class Config>
std::set<std::string> read_copied(json::Reader& r, const std::vector<Config>& configs) {
    std::set<std::string> known;
    for (const auto& config : configs) known.insert(config.environment);
    if (!r.has("environments")) return known;
    const auto given = r.strings("environments");
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (!known.contains(given[i]))
            r.element("environments", i, {})
                .fail("unknown_environment", "the project has no environment `" + given[i] + "`");
    }
    return {given.begin(), given.end()};
}

}  // namespace fanion::cp::items
