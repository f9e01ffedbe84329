#pragma once

// What has to be changed for a project to be as a file says, in the terms of the admin API: things
// to create, instructions for the flags that exist, segments to replace, things to delete. Pure.
//
// Not differences: the order of variations, tags and values, the slots of a split as long as the
// shares are the same, the spelling of a condition, and what the file does not mention: flags and
// segments (they are `removed_*`, which the caller heeds only when asked to delete), environments.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/flagfile/project.hpp"

namespace fanion::flagfile {

// Changes of one flag: an element of the admin API's bulk request.
struct FlagChange {
    std::string flag;
    std::string environment;  // empty: of the definition
    std::uint64_t version = 0;
    std::vector<std::string> instructions;  // as JSON, at most max_instructions
};
inline constexpr std::size_t max_instructions = 200;

struct SegmentChange {
    std::string segment;
    std::string environment;  // empty: the definition, its restoration included, not its archiving
    std::uint64_t version = 0;
};

struct Difference {
    // What is needed comes before what needs it.
    std::vector<std::string> new_segments;
    std::vector<std::string> new_flags;
    std::vector<SegmentChange> segments;
    std::vector<std::string> segments_in_order;  // those of new_segments and of segments, each once
    std::vector<FlagChange> flags;               // by flag
    // What needs comes before what is needed.
    std::vector<SegmentChange> archived_segments;  // once nothing uses them; with the version that they then have
    std::vector<std::string> removed_flags;
    std::vector<std::string> removed_segments;
};

// `environments`: those that are compared; others are as if neither side had them. Findings, with
// pointers into the file: `immutable` (type, salt).
Difference difference(const Project& wanted, const Project& present, const std::set<std::string>& environments,
                      std::vector<Finding>& findings);

// The changes of one flag that exists.
std::vector<FlagChange> flag_changes(const std::string& key, const Flag& wanted, const Flag& present,
                                     const std::set<std::string>& environments);

// Whether a configuration names something of `flags` or `segments` directly.
bool refers_to(const Flag& flag, const std::set<std::string>& flags, const std::set<std::string>& segments);

}  // namespace fanion::flagfile
