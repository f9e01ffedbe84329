#pragma once

// Which entries of an audit log are wanted. Pure.

#include <optional>
#include <string>

#include "common/base/clock.hpp"

namespace fanion::cp::audit {

// Every condition that is given must hold.
struct AuditFilter {
    std::optional<std::string> resource;     // this one and those below it
    std::optional<std::string> actor;        // id of a user or key
    std::optional<std::string> action;       // name_of(Action)
    std::optional<std::string> project;      // key
    std::optional<std::string> environment;  // key
    std::optional<std::string> group;        // id of the first entry of a change
    std::optional<std::string> text;         // in the resource, the comment or the action, whatever its case
    std::optional<UnixMillis> from;          // at this time or later
    std::optional<UnixMillis> to;            // before this time

    bool is_empty() const noexcept {
        return !resource && !actor && !action && !project && !environment && !group && !text && !from && !to;
    }
};

}  // namespace fanion::cp::audit
