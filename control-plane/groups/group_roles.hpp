#pragma once

// Which roles the groups of people give in an organisation. Pure.
//
// Rules are in order. Of the rules without a place, the first one for a group that a person has
// gives the role in the organisation. Of the rules for one place, a project or an environment, the
// first such one gives the role there. Names of groups are compared byte by byte.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::groups {

inline constexpr std::size_t max_rules = 200;
inline constexpr std::size_t max_name_bytes = 256;  // of a group
inline constexpr std::size_t max_names = 1'000;     // of groups of one person at single sign-on

struct Rule {
    std::string group;
    std::string role;         // key
    std::string project;      // key; empty: the organisation
    std::string environment;  // key; empty: the project
    friend bool operator==(const Rule&, const Rule&) = default;
};

struct GroupRoles {
    std::vector<Rule> rules;
    // Of who has a role because of groups, or is to get one, and whom no rule gives one. None: they
    // are no members.
    std::optional<std::string> default_role = "viewer";
    friend bool operator==(const GroupRoles&, const GroupRoles&) = default;
};

struct StoredGroupRoles {
    GroupRoles roles;
    std::uint64_t version = 1;
    std::optional<UnixMillis> updated_at;  // none: nobody has written them
};

// Error: invalid_input with a finding for each mistake: too_many rules, a group's name too_long or
// empty, an environment without its project, a rule that is there twice (duplicate).
Result<GroupRoles> read_group_roles(json::Value body);
void write_group_roles(json::Writer& w, const StoredGroupRoles& stored);
// The member `rules` alone, as it is stored.
std::string rules_text(const std::vector<Rule>& rules);
// Throws if `text` is not what rules_text() wrote.
std::vector<Rule> parse_rules(std::string_view text);

// Sorted, each once, without those that are empty or too long; the first max_names.
std::vector<std::string> normalised(std::vector<std::string> names);

// The rules for the groups of somebody, in order; `names` are sorted.
std::vector<Rule> matching(const GroupRoles& roles, const std::vector<std::string>& names);

}  // namespace fanion::cp::groups
