#pragma once

// SCIM's resource Group (RFC 7643, section 4.2), and what changes one. Members are named by the ids
// of users of the same organisation. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/scim/patch.hpp"

namespace fanion::cp::scim {

inline constexpr std::size_t max_members_named = 2'000;  // in one request

struct GroupContent {
    std::string display_name;
    std::optional<std::string> external_id;
    std::vector<std::string> members;  // sorted, each once
    friend bool operator==(const GroupContent&, const GroupContent&) = default;
};

// POST and PUT. Errors: invalid_input with a scimType and its place.
Result<GroupContent> read_group(json::Value body);

// One step of a PATCH on the members.
struct MemberStep {
    enum class Kind { add, remove, replace };
    Kind kind = Kind::add;
    std::vector<std::string> ids;  // replace: those that are left
};
struct GroupPatch {
    std::optional<std::string> display_name;
    std::optional<std::optional<std::string>> external_id;  // null: none from now on
    std::vector<MemberStep> steps;                          // in order
};
// Errors: invalid_input: those of read_operations(); tooMany beyond max_members_named;
// invalidFilter for members that are not named by value.
Result<GroupPatch> read_group_patch(json::Value body);

}  // namespace fanion::cp::scim
