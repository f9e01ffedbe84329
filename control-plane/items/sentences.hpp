#pragma once

// Parts of the sentences that say what a change does, as people say it: "Adds 2 targets of `on`:
// `ann`, `bob`." flags/flag_sentences.hpp and segments/segment_sentences.hpp make them. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/model/flag.hpp"

namespace fanion::cp::items {

// "`text`", shortened to about 100 bytes at the end of a character.
std::string quoted(std::string_view text);
// "`a`", "`a` and `b`", "`a`, `b` and `c`"; of more than five: "`a`, `b`, `c`, `d`, `e` and 95
// more".
std::string quoted_list(const std::vector<std::string>& texts);
// "1 target", "2 targets".
std::string counted(std::size_t count, std::string_view noun);
// Adds a sentence about a text, such as the "name", if it changed.
void describe_text(std::vector<std::string>& out, std::string_view what, const std::string& before,
                   const std::string& after);
// Adds sentences about tags that came, went or changed their order.
void describe_tags(std::vector<std::string>& out, const std::vector<std::string>& before,
                   const std::vector<std::string>& after);
// A condition in the rule language, shortened to about 200 bytes.
std::string condition_text(const model::Condition& condition);

// The sentences about an environment, as part of those about all: "In production: turns on."
std::vector<std::string> in_environment(const std::string& environment, std::vector<std::string> sentences);

// What became of the values of one attribute (and, in flags, variation).
struct ValueChange {
    std::string attribute;
    std::string variation;
    std::vector<std::string> added;
    std::vector<std::string> removed;
};
// Those that changed, in the order of `after` and then of `before`.
std::vector<ValueChange> value_changes(const std::vector<model::Target>& before,
                                       const std::vector<model::Target>& after);
// "" for the usual attribute, targetingKey; otherwise " by `company`".
std::string by_attribute(std::string_view attribute);

// Which of the elements that `before` and `after` both have must be moved, so that the others keep
// their order: as few as possible. Both are without repetition. In the order of `after`.
std::vector<std::string> moved_elements(const std::vector<std::string>& before, const std::vector<std::string>& after);

}  // namespace fanion::cp::items
