#pragma once

// Lists of the admin API, which come in pages.

#include <string>
#include <vector>

#include "common/cli/admin_client.hpp"

namespace fanion::cli {

// Fetches all pages of the list at `path`, which has no query. Each element is returned as JSON.
// Errors: those of AdminClient::call().
Result<std::vector<std::string>> read_list(AdminClient& client, const std::string& path);

// The JSON array of such elements.
std::string array_of(const std::vector<std::string>& elements);

}  // namespace fanion::cli
