#pragma once

// Signing in by an organisation's identity provider (RFC 8252): the person does so in a browser of
// this machine, which comes back to a port of this program.

#include <string>

#include "common/base/error.hpp"
#include "common/cli/credentials.hpp"

namespace fanion::cli {

// Sets the tokens, the e-mail address and the organisation of `credentials`. `provider`:
// "acme/company". Blocks up to five minutes. Errors: invalid_input, `provider` has another form;
// timed_out; those of post_open().
Result<> sign_on(const std::string& provider, Credentials& credentials);

}  // namespace fanion::cli
