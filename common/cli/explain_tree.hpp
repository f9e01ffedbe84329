#pragma once

// An explanation (eval/explain/explain.hpp) as an indented tree for people: a line per step and condition, `yes` or `no` before it.

#include <string>

#include "common/json/document.hpp"

namespace fanion::cli {

std::string explain_tree(json::Value explanation);

}  // namespace fanion::cli
