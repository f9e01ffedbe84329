#pragma once

// Why a condition cannot hold for a value whatever it is compared with. Pure; for explanations.

#include <string_view>

#include "common/eval/compile/condition.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

// "not a number", "not a version", "not a time", "not an address" or "not a string", when the
// leaf's operator cannot read the value, or no element of the list that it is; else empty. `value`
// is what an attribute holds: empty or null when missing, which is fine.
std::string_view problem_of(const Leaf& leaf, json::Value value) noexcept;

}  // namespace fanion::eval
