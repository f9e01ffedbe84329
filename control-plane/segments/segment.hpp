#pragma once

// A segment as the control plane stores it: a name per project, its members per environment. Plain
// values, pure functions.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/json/writer.hpp"
#include "common/model/flag.hpp"

namespace fanion::cp::segments {

struct SegmentDefinition {
    std::string key;
    std::string name;
    std::string description;
    std::vector<std::string> tags;
    std::string owner;
    bool client = false;    // client keys with `rules` may have it
    bool archived = false;  // in no ruleset until it is restored
    std::uint64_t version = 1;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    friend bool operator==(const SegmentDefinition&, const SegmentDefinition&) = default;
};

// `members.key` and `members.version` stay at their defaults; `version` is the version of the item
// in the ruleset.
struct SegmentEnvironment {
    std::string environment;  // key
    model::Segment members;
    std::uint64_t version = 1;
    UnixMillis updated_at = 0;
    friend bool operator==(const SegmentEnvironment&, const SegmentEnvironment&) = default;
};

// A new environment's configuration: no members.
inline SegmentEnvironment default_config(const SegmentDefinition&, std::string environment, UnixMillis now) {
    return {std::move(environment), {}, 1, now};
}

// True when a segment has an item in rulesets, in every environment.
inline bool is_in_ruleset(const SegmentDefinition& definition) { return !definition.archived; }
// The other members of a definition are in no ruleset.
inline bool same_for_evaluators(const SegmentDefinition& a, const SegmentDefinition& b) {
    return a.archived == b.archived && a.client == b.client;
}
inline bool same_for_evaluators(const SegmentEnvironment& a, const SegmentEnvironment& b) {
    return a.members == b.members;
}

std::string item_key(const SegmentDefinition& definition);  // segment/<key>
std::string item_body(const SegmentDefinition& definition, const SegmentEnvironment& environment);

void write_definition_members(json::Writer& w, const SegmentDefinition& definition);
std::string to_json(const SegmentDefinition& definition);
std::string to_json(std::string_view segment, const SegmentEnvironment& environment);
// With the number of values of each list in their place, which no write takes.
std::string to_json_without_values(std::string_view segment, const SegmentEnvironment& environment);
std::string segment_config_json(const model::Segment& members);  // {"included":..,"excluded":..,"rules":..}

// The texts that have a configuration's members, which are written once for all of them.
struct ConfigTexts {
    std::string members;   // segment_config_json()
    std::string resource;  // to_json()
    std::string item;      // item_body()
};
ConfigTexts config_texts(const SegmentDefinition& definition, const SegmentEnvironment& environment);

}  // namespace fanion::cp::segments
