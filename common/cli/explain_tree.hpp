#pragma once

// Formats an explanation (docs/explain.md) for people: an indented tree with one line per step and
// condition, each preceded by `yes` or `no`.

#include <string>

#include "common/json/document.hpp"

namespace fanion::cli {

std::string explain_tree(json::Value explanation);

}  // namespace fanion::cli
