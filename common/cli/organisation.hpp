#pragma once

// What the commands about one organisation share. Blocks; not thread-safe.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/json/document.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {

// A signed-in client and the path of the organisation.
struct Organisation {
    AdminClient client;
    std::string path;  // "/orgs/acme"
};

// `key`: empty, or the organisation that was chosen at sign-in. Error: invalid_input when there is
// none; those of load_session().
Result<Organisation> open_organisation(const std::string& key);

// All pages of a list. Errors: those of AdminClient::call().
Result<std::vector<std::unique_ptr<json::Document>>> read_list(Organisation& org, const std::string& path);
// Prints the items of a list: with --json as one array, else as a table whose first row is
// `heading` and whose others `row_of` makes of the items.
void print_list(const Terminal& terminal, const std::vector<std::unique_ptr<json::Document>>& pages,
                std::vector<std::string> heading, std::vector<std::string> (*row_of)(json::Reader& item));

// The names of an array of strings, separated by spaces.
std::string joined_names(json::Reader& item, std::string_view member);

}  // namespace fanion::cli
