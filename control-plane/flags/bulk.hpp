#pragma once

// Changes of many flags at once, as instructions: {"comment":"..","changes":[{"flags":["a","b"],
// "environment":"production","versions":{"a":4,"b":2},"instructions":[..]},..]}. A change without
// an environment is one of the definition. Pure.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/flags/flag.hpp"
#include "control-plane/flags/flag_edit.hpp"

namespace fanion::cp::flags {

inline constexpr std::size_t max_bulk_flags = 200;
inline constexpr std::size_t max_bulk_changes = 200;
inline constexpr std::size_t max_bulk_steps = 1'000;  // flags of all changes, each as often as it is listed

struct BulkChange {
    std::string pointer;  // into the body: "/changes/0"
    std::vector<std::string> flags;
    std::string environment;                        // key; empty: of the definition
    std::map<std::string, std::uint64_t> versions;  // of flags: the version that the change is based on
    json::Document body;                            // {"instructions":[..]}
};

struct BulkRequest {
    std::vector<BulkChange> changes;
    std::set<std::string> flags;  // of all changes
};
// Errors: invalid_input.
Result<BulkRequest> read_bulk(json::Value body);

// A flag while it is changed.
struct BulkFlag {
    FlagDefinition before;
    FlagDefinition after;
    std::vector<FlagEnvironment> configs_before;
    std::vector<FlagEnvironment> configs;  // of the same environments
    std::set<std::string> confirmed;       // environments, or "" for the definition, whose version was named
    std::set<std::string> configured;      // environments whose configuration a change names
};

// Applies a change to one of its flags. Errors: those of patch_flag() and patch_flag_config(), with
// pointers into the body and the flag in their details; not_found for the environment;
// precondition_failed if another version was named.
Result<> apply_bulk(const BulkChange& change, BulkFlag& flag, const MakeId& make_id);

bool is_changed(const BulkFlag& flag);
// Whether the instructions changed the configuration at `index`.
bool is_config_changed(const BulkFlag& flag, std::size_t index);

// "`search`: Turns the flag on.", for all that changed.
std::vector<std::string> describe_bulk(const BulkFlag& flag);

}  // namespace fanion::cp::flags
