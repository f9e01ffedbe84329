#pragma once

// What one member may do in an organisation, its projects and their environments. Pure.
//
// A member has one role in the organisation and may have others in some projects and environments.
// The nearest applies, alone: a role in a project replaces that in the organisation there, whether
// it permits more or less. Two exceptions:
//
// 1. An owner of the organisation is owner everywhere, so that no project can be without one.
// 2. Whoever may read an environment may also read what is common to all environments of its
//    project: the project, and the definitions of flags and segments.

#include <string>
#include <string_view>
#include <vector>

#include "control-plane/access/named_role.hpp"

namespace fanion::cp::access {

// A role in a project, or in one of its environments.
struct Assignment {
    std::string project;      // key
    std::string environment;  // key; empty: the project
    NamedRole role;
    friend bool operator==(const Assignment&, const Assignment&) = default;
};

// Of the projects of an organisation, or the environments of a project, those that `is_all` says
// except for the listed ones.
struct Selection {
    bool is_all = true;
    std::vector<std::string> except;
    bool has(std::string_view key) const noexcept;
};

class Grants {
public:
    Grants() = default;
    Grants(NamedRole role, std::vector<Assignment> assignments);

    const NamedRole& role() const noexcept { return role_; }  // in the organisation
    const std::vector<Assignment>& assignments() const noexcept { return assignments_; }

    // What applies at a place; empty keys: in the project, or in the organisation. What does not
    // exist has what applies above it.
    const NamedRole& role_at(std::string_view project, std::string_view environment = {}) const noexcept;
    Permissions at(std::string_view project, std::string_view environment = {}) const noexcept;
    // What applies at a place and at all places in it: for what reaches them all, as a key of a
    // whole project.
    Permissions throughout(std::string_view project = {}, std::string_view environment = {}) const noexcept;

    Selection readable_projects() const;
    // Whether everything in the organisation may be read: nothing needs to be looked for.
    bool may_read_all() const noexcept { return throughout().has(Permission::read); }
    // `resource`: a path below the organisation's, as audit entries have it. What belongs to an
    // environment is read there, wherever its path has the environment.
    bool may_read_resource(std::string_view resource) const;

private:
    const Assignment* find(std::string_view project, std::string_view environment) const noexcept;

    NamedRole role_;
    std::vector<Assignment> assignments_;
};

}  // namespace fanion::cp::access
