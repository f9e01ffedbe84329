#pragma once

// What commands about an organisation share. Blocks; not thread-safe.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
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

// Prints the elements of a list (pages.hpp): with --json as one array, else as a table whose first
// row is `heading` and whose others `row_of` makes of the elements.
void print_list(const Terminal& terminal, const std::vector<std::string>& elements, std::vector<std::string> heading,
                std::vector<std::string> (*row_of)(json::Reader& item));

// The names of an array of strings, separated by spaces.
std::string joined_names(json::Reader& item, std::string_view member);

}  // namespace fanion::cli
