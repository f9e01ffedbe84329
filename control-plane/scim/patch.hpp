#pragma once

// The body of a PATCH (RFC 7644, section 3.5.2), as directories send it. Pure.
//
// Besides what the RFC says: the names of operations are in any case ("Replace"); without a path,
// the members of the value may be named by paths ("name.givenName"); where a path selects a value
// that is not there and `add` or `replace` sets a part of it, the value is made.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/tree.hpp"
#include "control-plane/scim/filter.hpp"

namespace fanion::cp::scim {

inline constexpr std::size_t max_operations = 1'000;

enum class OpKind { add, replace, remove };

struct Operation {
    OpKind kind = OpKind::add;
    std::optional<Path> path;  // none: the resource
    json::Tree value;          // null: none
    std::string pointer;       // of the operation in the body
};

// Errors: invalid_input; invalidSyntax for what is no PATCH, invalidPath, tooMany.
Result<std::vector<Operation>> read_operations(json::Value body);

// An operation without a path as one for each member of its value. Error: invalidValue, when the
// value is not an object; noTarget, when there is nothing to remove.
Result<std::vector<Operation>> with_paths(Operation operation);

// Changes the resource's attributes. Errors: invalid_input: mutability for `id`, `meta` and what
// the service sets, noTarget, invalidValue.
Result<> apply_operation(json::Tree& resource, const Operation& operation);

}  // namespace fanion::cp::scim
