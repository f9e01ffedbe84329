#pragma once

// Rulesets in signed form as files: last good copies, bundles, snapshots.

#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/wire/acceptance.hpp"

namespace fanion::cli {

// True when line 0 is a signature line; anything else is taken for the plain form.
bool is_signed_form(std::string_view text);

// A trust document as given on the command line.
struct TrustFile {
    std::string name;
    std::string text;
};

// Acceptance steps 1 to 9; items may be redacted. Error: unprocessable; where the ruleset is at fault, its finding's code is
// the row of the acceptance table.
Result<wire::Accepted> verify_file(std::string_view text, const TrustFile& trust_file);

// What `ruleset verify` cannot hold against a ruleset whose items were withheld: that others refer to them.
Result<> check_compiles(const wire::ItemSet& items);

}  // namespace fanion::cli
