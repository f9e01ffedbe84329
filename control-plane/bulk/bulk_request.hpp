#pragma once

// Changes of many flags and segments at once, as instructions: {"comment":"..","changes":[
// {"flags":["a","b"],"environment":"production","versions":{"a":4,"b":2},"instructions":[..]},
// {"segments":["beta"],"instructions":[..]},..]}. A change without an environment is one of the
// definition. Pure.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"

namespace fanion::cp::bulk {

inline constexpr std::size_t max_items = 200;  // flags and segments together
inline constexpr std::size_t max_changes = 200;
inline constexpr std::size_t max_steps = 1'000;  // items of all changes, each as often as it is listed

struct BulkChange {
    std::string pointer;    // into the body: "/changes/0"
    std::string_view kind;  // of its items: "flag" or "segment", as ItemKind::name
    std::vector<std::string> keys;
    std::string environment;                        // key; empty: of the definition
    std::map<std::string, std::uint64_t> versions;  // of items: the version that the change is based on
    json::Document body;                            // {"instructions":[..]}
};

struct BulkRequest {
    std::vector<BulkChange> changes;
    std::set<std::string> flags;     // of all changes
    std::set<std::string> segments;  // of all changes
};
// Errors: invalid_input.
Result<BulkRequest> read_bulk(json::Value body);

// "/flags" or "/segments": where a change lists its items.
std::string list_pointer(const BulkChange& change);

}  // namespace fanion::cp::bulk
