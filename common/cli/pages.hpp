#pragma once

// Lists of the admin API, which come in pages.

#include <string>
#include <string_view>
#include <vector>

#include "common/cli/admin_client.hpp"
#include "common/cli/terminal.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {

// Fetches all pages of the list at `path`, which has no query; `query` is what else is asked, as
// "&state=failed". Each element is returned as JSON. Errors: those of AdminClient::call().
// `member`: the name of the list in each page.
Result<std::vector<std::string>> read_list(AdminClient& client, const std::string& path, const std::string& query = "",
                                           std::string_view member = "items");

// The elements of one page.
Result<std::vector<std::string>> elements_of(const net::ClientResponse& page);

// Prints the elements of a list: with --json as one array, else as a table whose first row is
// `heading` and whose others `row_of` makes of the elements.
Exit print_list(const Terminal& terminal, const std::vector<std::string>& elements, std::vector<std::string> heading,
                std::vector<std::string> (*row_of)(json::Reader& item));

// The JSON array of such elements.
std::string array_of(const std::vector<std::string>& elements);

}  // namespace fanion::cli
