#pragma once

// Rulesets in signed form as files: last good copies, bundles, snapshots.

#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/wire/acceptance.hpp"

namespace fanion::cli {

// True when line 0 is a signature line; anything else is taken for the plain form.
bool is_signed_form(std::string_view text);

// Acceptance steps 1 to 9 against the trust document in `trust_file`. Error: invalid_input, whose finding's code is the row
// of the acceptance table.
Result<wire::Accepted> verify_file(std::string_view text, const std::string& trust_file);

}  // namespace fanion::cli
