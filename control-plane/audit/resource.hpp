#pragma once

// The names in the path of a resource of an organisation, as audit entries write it. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace fanion::cp::audit {

// What a path names; empty: nothing of that kind.
struct ResourceNames {
    std::string project;
    std::string environment;
    std::string flag;
    std::string segment;
    std::string member;      // id
    std::string key;         // id
    std::string invitation;  // id
    std::string role;        // key
    std::string token;       // id of a service account's
    std::string webhook;     // id
    std::string rollout;     // id
    std::string source;      // key of a Prometheus
    friend bool operator==(const ResourceNames&, const ResourceNames&) = default;
};

// The names in "projects/web/flags/f/environments/production", or in the path of a collection, as
// "projects/web/flags". nullopt if no resource has such a path.
std::optional<ResourceNames> parse_resource(std::string_view resource);

// The project and the environment in which a resource stands, whatever it is; empty: none.
struct ResourcePlace {
    std::string project;
    std::string environment;
    friend bool operator==(const ResourcePlace&, const ResourcePlace&) = default;
};
ResourcePlace place_of(std::string_view resource);

}  // namespace fanion::cp::audit
