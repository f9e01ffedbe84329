#pragma once

// Signing in by an organisation's identity provider: the two requests of a browser, and what the
// provider's word leads to. One thread. Coroutines throw PgError.
//
// Whom a provider signs in (ADR 37):
// 1. whom its issuer is known to mean by the subject, a member of the organisation;
// 2. else, by an e-mail address that is verified and of one of the provider's domains, the member
//    who has it, unless the issuer knows that member by another subject;
// 3. else, where the provider adds members, a new member with an account of the organisation's own.
// The session acts in that organisation only.

#include <optional>
#include <string>

#include "control-plane/http/call.hpp"
#include "control-plane/sign_on/pending.hpp"

namespace fanion::cp::sign_on {

struct SignOnRequest {
    std::string return_to;                 // empty: the site's beginning
    std::optional<LoopbackClient> client;  // a program that gets a code in the place of a session
};

// 303 to the provider, with a cookie. Errors: not_found; those of PublicUrl::site(); unavailable.
http::Answer begin_sign_on(http::Call& call, SignOnRequest request);
// 303 back, with a session, or with a code for the program. Errors: unauthenticated with a finding,
// forbidden with a finding (not_a_member, ..), those of groups::apply_sign_in(); unavailable.
http::Answer finish_sign_on(http::Call& call);
// Exchanges the code for a session's tokens. Error: unauthenticated.
http::Answer take_tokens(http::Call& call, std::string code, std::string verifier);

}  // namespace fanion::cp::sign_on
