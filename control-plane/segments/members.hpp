#pragma once

// The values of a segment's lists, edited and read in parts. A segment may have several lists with
// the same attribute; here they are one. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/segments/segment.hpp"

namespace fanion::cp::segments {

enum class MemberSide { included, excluded };
std::string_view name_of(MemberSide side) noexcept;
std::optional<MemberSide> parse_member_side(std::string_view name) noexcept;

// The values of an attribute that a segment includes, or excludes.
struct MemberList {
    MemberSide side = MemberSide::included;
    std::string attribute = "targetingKey";
};

enum class MemberMode { add, remove, replace };
std::optional<MemberMode> parse_member_mode(std::string_view name) noexcept;

// -- Reading ----------------------------------------------------------------------------------------------------------

struct MemberPage {
    std::vector<std::string> values;  // in the order of their bytes
    bool has_more = false;
};
// The first `limit` values after `after` that begin with `prefix`, or fewer, from 1 MiB on.
MemberPage page_of_members(const model::Segment& segment, const MemberList& list, std::string_view prefix,
                           std::string_view after, std::size_t limit);
std::size_t count_members(const model::Segment& segment, const MemberList& list);

struct MemberCount {
    MemberSide side = MemberSide::included;
    std::string attribute;
    std::size_t values = 0;
};
// Of the first 100 lists, in their order.
std::vector<MemberCount> count_all_members(const model::Segment& segment);

// -- Changes ----------------------------------------------------------------------------------------------------------

// `remove` before `add`; no value is in both.
struct MemberChange {
    std::vector<std::string> add;
    std::vector<std::string> remove;
};
// {"add":[..],"remove":[..]}, at least one of them. Errors: invalid_input, with pointers.
Result<MemberChange> read_member_change(json::Value body);

struct ChangedMembers {
    model::Segment segment;
    std::size_t added = 0;
    std::size_t removed = 0;
    std::size_t already_there = 0;  // of those to be added
    std::size_t not_there = 0;      // of those to be removed
    std::size_t total = 0;          // values of the list now
    // What makes the members `included` and `excluded` of the state before to those after, as
    // operations of a JSON Patch without the brackets; empty: it would be longer than what changed.
    std::string patch;

    bool is_changed() const noexcept { return added + removed > 0; }
};
// Values that are kept stay in their order; new ones follow in theirs. Error: unprocessable when
// the list would have more than limits::list_values.
Result<ChangedMembers> changed_members(model::Segment present, const MemberList& list, const MemberChange& change);
// The same patch from one state to another with the same lists and rules, whose values are in the
// same order; empty: they are not, or there are no or many changes.
std::string members_patch(const model::Segment& before, const model::Segment& after);
// What replaces all values by `values`.
MemberChange replacement(const model::Segment& present, const MemberList& list, std::vector<std::string> values);

}  // namespace fanion::cp::segments
