#pragma once

// What undoes an audit entry. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"

namespace fanion::cp::audit {

struct Inverse {
    enum class Kind {
        restore,  // the state before
        remove,   // what was created
    } kind = Kind::restore;
    std::string resource;  // a path below the organisation's
    json::Tree before;     // of `restore`
    json::Tree after;
};

// Error: conflict with the code not_revertible (a deletion, a session, ..) or state_not_kept (an
// entry too large to hold its states).
Result<Inverse> inverse_of(const json::Tree& entry);

// The differences between the state that the entry left and the present one, one finding each with
// a pointer into the state; at most most_differences. Members that every change sets (version,
// dates) do not count.
inline constexpr std::size_t most_differences = 100;
std::vector<Finding> changed_since(const json::Tree& after, const json::Tree& present);

// The JSON Merge Patch from `after` to `before`, for a resource that cannot be replaced.
std::string merge_patch_to(const json::Tree& before, const json::Tree& after);

}  // namespace fanion::cp::audit
