#pragma once

// A resource as people read it: a line for each member of its JSON, in its order.

#include <string>

#include "common/cli/exchange.hpp"
#include "common/cli/terminal.hpp"
#include "common/json/document.hpp"

namespace fanion::cli {

// "match environments  production, staging": members of members have the names of both, elements
// of lists their numbers from 1, and values that are null are left out.
std::string described(json::Value resource);

// Prints what the server has answered: with --json, or where standard output is no terminal, as it
// is.
Exit print_described(const Result<net::ClientResponse>& response, const Terminal& terminal);

}  // namespace fanion::cli
