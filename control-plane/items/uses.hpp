#pragma once

// What depends on a flag, one of its variations, or a segment: the flags that require it, the rules
// and segments that name it. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/json/writer.hpp"
#include "common/model/flag.hpp"

namespace fanion::cp::items {

// A place in a configuration, and what it is to people: "rule `beta`", "the prerequisites".
struct PlaceOfUse {
    std::string pointer;
    std::string phrase;
    friend bool operator==(const PlaceOfUse&, const PlaceOfUse&) = default;
};

struct Use {
    std::string kind;  // "flag" or "segment", which has the place
    std::string key;
    bool is_archived = false;  // in no ruleset until it is restored
    std::string environment;
    PlaceOfUse place;
    friend bool operator==(const Use&, const Use&) = default;
};

// Where a configuration requires the flag; with a variation: that variation of it.
std::vector<PlaceOfUse> prerequisites_with(const model::FlagConfig& config, std::string_view flag,
                                           std::string_view variation = "");
// Where rules have the segment in their condition.
std::vector<PlaceOfUse> rules_with(const model::FlagConfig& config, std::string_view segment);
std::vector<PlaceOfUse> rules_with(const model::Segment& members, std::string_view segment);
bool names_segment(const model::Condition& condition, std::string_view segment);

// [{"kind","key","archived","environment","pointer","place"}]
void write_uses(json::Writer& w, const std::vector<Use>& uses);

}  // namespace fanion::cp::items
