#pragma once

// A change of an organisation as those who watch it are told: what changed, by whom, and its new
// version, without the states (docs/admin-api.md, "Live changes"). Pure, immutable.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "control-plane/audit/entry.hpp"

namespace fanion::cp::live {

struct Change {
    std::uint64_t seq = 0;
    std::string resource;                      // a path below the organisation's
    std::shared_ptr<const std::string> event;  // as it is sent
};
using ChangePtr = std::shared_ptr<const Change>;

// The JSON of the event.
std::string_view data_of(const Change& change) noexcept;

// Of an audit entry; `email`: of its actor, or empty. Null if the entry is not JSON: the log was
// tampered with.
ChangePtr make_change(const audit::ChainLink& link, std::string_view email);

// Whether a change of `resource` may change what a person may read: their membership, a role
// assigned to them, a role of the organisation's own, or the organisation itself.
bool is_about_rights(std::string_view resource, std::string_view user_id) noexcept;

// The event that tells of changes up to `seq` that are no longer kept, or of a number that this log
// has not reached: whoever watches reads everything again.
std::string reset_event(std::uint64_t seq);

}  // namespace fanion::cp::live
