#pragma once

// What a relay calls itself, so that a control plane can tell canaries from others: on each request
// for rulesets in the header `Fanion-Labels: canary, eu-west`, and in its status report. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::wire {

inline constexpr std::string_view labels_header = "Fanion-Labels";
inline constexpr std::size_t most_labels = 16;
inline constexpr std::string_view label_rule =
    "a label is 1 to 63 of a-z, 0-9, `.`, `_` and `-`, and begins with a letter or digit";

bool is_valid_label(std::string_view text) noexcept;

std::string format_labels(const std::vector<std::string>& labels);

// Empty text means no labels; spaces around them are allowed. Error: invalid_input, for a malformed
// label or more than most_labels.
Result<std::vector<std::string>> parse_labels(std::string_view text);

}  // namespace fanion::wire
