#pragma once

// Ruleset files in the signed form, such as the snapshots in a relay's cache.

#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/wire/acceptance.hpp"

namespace fanion::cli {

// Whether line 0 is a signature line. Anything else is treated as the plain form.
bool is_signed_form(std::string_view text);

// A trust document given on the command line.
struct TrustFile {
    std::string name;
    std::string text;
};

// Runs steps 1 to 9 of the acceptance table. Items may be redacted. Error: unprocessable; if the
// ruleset is rejected, the finding's code is that of the acceptance table.
Result<wire::Accepted> verify_file(std::string_view text, const TrustFile& trust_file);

// Step 10: checks that the items compile. References to unknown items are ignored if items are
// redacted. Error: that of eval::compile().
Result<> check_compiles(const wire::ItemSet& items);

}  // namespace fanion::cli
