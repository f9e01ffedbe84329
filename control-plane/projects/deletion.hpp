#pragma once

// What the routes that delete and restore organisations, projects and environments share.

#include <string>
#include <string_view>
#include <vector>

#include "control-plane/http/edit.hpp"
#include "control-plane/projects/deletion_store.hpp"

namespace fanion::cp::projects {

// A deletion is confirmed by the key of what is deleted, as ?confirm=. Errors:
// precondition_required when it is missing; unprocessable when it is another.
Result<> check_confirmation(const http::Call& call, std::string_view key);

// ?deleted=true. Error: invalid_input.
Result<bool> wants_deleted(const http::Call& call);

// What was deleted after this time can be restored.
UnixMillis restorable_since(const http::Call& call);

// For dry runs: "Deletes the project with 3 environments, 12 flags and 1 segment."
std::string describe_deletion(std::string_view what, const Contents& contents);

// The outcome of a restoration, whose path is that of the resource with "/restore".
http::EditOutcome restored(const http::Edit& edit, audit::Action action, http::Before before, std::string text,
                           std::string tag);

// The body of a restoration: an object without members.
Result<> read_nothing(json::Value body);

}  // namespace fanion::cp::projects
