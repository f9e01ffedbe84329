#pragma once

// An event: an entry of the audit log as a webhook sees it. Its type is the entry's action. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"

namespace fanion::cp::webhooks {

struct Event {
    std::string type;  // "flag.configured"
    UnixMillis at = 0;
    std::string entry_id;   // of the audit entry; empty for a test
    std::uint64_t seq = 0;  // of the audit entry
    std::string org;        // key
    std::string resource;   // "projects/web/flags/new-checkout/environments/production"
    std::string actor_kind;
    std::string actor_id;
    std::string actor_email;  // empty if there is none
    std::string comment;
    std::string before;                                          // JSON; empty: none, or left out
    std::string after;                                           // JSON
    std::string patch;                                           // JSON Patch in the place of both
    std::vector<std::pair<std::string, std::string>> published;  // environment and its new ruleset version
};

// From the canonical bytes of an audit entry; nullopt if they are no JSON object: the log was
// tampered with.
std::optional<Event> event_of(std::string_view canonical, std::string org, std::string actor_email);
// What POST .../test sends.
Event test_event(std::string org, std::string webhook_id, std::string actor_email, UnixMillis now);

// The names in the resource's path; empty where it has none.
std::string_view project_of(const Event& event) noexcept;
std::string_view environment_of(const Event& event) noexcept;

// What must arrive in order: a flag or segment with its configurations is one resource.
// "projects/web/flags/new-checkout" of the example above.
std::string_view order_key(std::string_view resource) noexcept;

// "flag new-checkout", "environment staging": kind and name of the resource, for people.
std::string subject_of(const Event& event);

struct EventFilter {
    std::vector<std::string> types;         // "flag.updated", "flag.*" or "*"; empty: as "*"
    std::vector<std::string> projects;      // keys; empty: everything, of the organisation itself too
    std::vector<std::string> environments;  // keys; empty: everything

    friend bool operator==(const EventFilter&, const EventFilter&) = default;
};

// "*" stands for all changes: signing in, refusals and the use of webhooks must be named. An
// environment matches what is configured or published in it.
bool matches(const EventFilter& filter, const Event& event);

// Whether a type filter names an action of the audit log, or a group of them.
bool is_type_filter(std::string_view text);

}  // namespace fanion::cp::webhooks
