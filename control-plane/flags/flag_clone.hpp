#pragma once

// A new flag like another. Pure.

#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/flags/flag.hpp"
#include "control-plane/flags/flag_edit.hpp"

namespace fanion::cp::flags {

// {"key", "name", "salt", "environments":["staging"]}: `name` is the source's unless given, `salt`
// the new key, so that the flags split their users independently. `environments` are those whose
// configuration is copied (default: all); the others have that of a new flag. The clone of an
// archived flag is not archived. `configs` are the source's, in the order of the result. Errors:
// invalid_input.
Result<NewFlag> clone_flag(const FlagDefinition& source, std::vector<FlagEnvironment> configs, json::Value body,
                           UnixMillis now);

}  // namespace fanion::cp::flags
