#pragma once

// Answers for people. explain_tree() formats an explanation (docs/explain.md): an indented tree
// with one line per step and condition, each preceded by `yes` or `no`.

#include <string>

#include "common/json/document.hpp"

namespace fanion::cli {

std::string explain_tree(json::Value explanation);

// Formats a native or OFREP answer as
// "new-checkout = true  (variation on, SPLIT, rule r-7f3a, version 12)".
std::string answer_sentence(const std::string& flag, json::Value answer);

}  // namespace fanion::cli
