#pragma once

// What commands about an organisation share. Blocks; not thread-safe.

#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/cli/admin_client.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {

// A signed-in client and the path of the organisation, below /api/v1.
struct Organisation {
    AdminClient client;
    std::string path;  // "/orgs/acme"
};

// `org`: as given; empty: the session's default. Errors: those of load_session(); invalid_input if
// there is no organisation.
Result<Organisation> open_organisation(const std::string& org);

// The same with the path of a project in it, "/orgs/acme/projects/web".
Result<Organisation> open_project(const std::string& org, const std::string& project);

// The names of an array of strings, separated by spaces.
std::string joined_names(json::Reader& item, std::string_view member);

}  // namespace fanion::cli
