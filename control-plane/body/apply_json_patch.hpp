#pragma once

// JSON Patch (RFC 6902), applied. json_patch.hpp has the way back. Pure.

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/tree.hpp"

namespace fanion::cp::body {

inline constexpr std::size_t max_patch_operations = 1000;

// Applies the operations of `patch`, an array, to `target` in their order; with an error, `target`
// is to be dropped. The pointers of findings point into the patch, as "/2/path". Errors:
// invalid_input for what is no JSON Patch; unprocessable (`no_such_place`) when a path names
// nothing; conflict (`test_failed`) when a `test` does not hold; and the `limit`s: the number of
// operations, the depth of the result, and composed_limits() for the bytes that are copied and for
// the result.
Result<> apply_json_patch(json::Tree& target, json::Value patch);

// Equality as `test` wants it: numbers by their value, objects whatever the order of their members.
bool is_equal_json(const json::Tree& a, const json::Tree& b);

}  // namespace fanion::cp::body
