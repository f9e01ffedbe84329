#pragma once

// What can be set of organisations, projects and environments, and the bodies that create and
// change them. Keys are fixed. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/json/document.hpp"

namespace fanion::cp::projects {

struct OrgSettings {
    std::string name;
    friend bool operator==(const OrgSettings&, const OrgSettings&) = default;
};

struct ProjectSettings {
    std::string name;
    std::string description;
    friend bool operator==(const ProjectSettings&, const ProjectSettings&) = default;
};

// How a user interface has people confirm changes in an environment; nothing else heeds it.
enum class Confirmation {
    none,
    confirm,
    type,  // they type the environment's key
};
std::string_view name_of(Confirmation confirmation) noexcept;
std::optional<Confirmation> parse_confirmation(std::string_view name) noexcept;

// What becomes of a change while no relay with the label is connected.
enum class WithoutCanaries {
    hold,     // it waits, for `hold_seconds` at most
    release,  // it goes on after the soak time
};
std::string_view name_of(WithoutCanaries choice) noexcept;
std::optional<WithoutCanaries> parse_without_canaries(std::string_view name) noexcept;

// How changes of a protected environment reach relays: those with the label first.
struct StagingSettings {
    std::string label = "canary";
    int soak_seconds = 600;   // from when all of them have it until it goes on
    int hold_seconds = 3600;  // what has not gone on by then is withdrawn
    WithoutCanaries without_canaries = WithoutCanaries::hold;
    friend bool operator==(const StagingSettings&, const StagingSettings&) = default;
};
inline constexpr int longest_soak = 7 * 24 * 3600;
inline constexpr int longest_hold = 30 * 24 * 3600;

struct EnvironmentSettings {
    std::string name;
    std::string description;
    bool is_protected = false;
    int order = 0;                                   // 0 to last_position
    std::string colour;                              // "#3b82f6"; empty: none
    Confirmation confirmation = Confirmation::none;  // at least `confirm` where it is protected
    bool is_comment_required = false;                // of changes of what it serves
    std::optional<StagingSettings> staging = {};     // has an effect where it is protected; none: at once
    friend bool operator==(const EnvironmentSettings&, const EnvironmentSettings&) = default;
};
inline constexpr int last_position = 1000;
inline constexpr unsigned most_approvals = 10;  // that an environment can require of a change

struct NewOrg {
    std::string key;
    OrgSettings settings;
};
struct NewProject {
    std::string key;
    ProjectSettings settings;
};
struct NewEnvironment {
    std::string key;
    EnvironmentSettings settings;
    bool is_placed = false;    // otherwise it comes after all others, whatever `order` is
    std::string copy_of = {};  // the key of another environment of the project; empty: none
};

// Errors of all: invalid_input with a finding for each mistake. A name that is not given is the
// key.
Result<NewOrg> read_new_org(json::Value body);
Result<NewProject> read_new_project(json::Value body);
Result<NewEnvironment> read_new_environment(json::Value body);

// What a PUT or a PATCH makes of the present settings. `key` must be unchanged, if it is given.
struct SettingsChange {
    json::Value body;
    bool is_patch = false;          // a JSON Merge Patch of `present`
    std::string_view present = {};  // the response to GET
    std::string_view key = {};
};
Result<OrgSettings> changed_org(SettingsChange change);
Result<ProjectSettings> changed_project(SettingsChange change);
// A PUT without `order` keeps `order`.
Result<EnvironmentSettings> changed_environment(SettingsChange change, int order);

}  // namespace fanion::cp::projects
