#pragma once

// Decides whether a request is admitted: rates, credential, validity, kind of key. It looks at the
// serving state once per request. Functions of one worker thread.

#include <cstdint>
#include <string_view>

#include "common/net/request.hpp"
#include "relay/serve/outcome.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::serve {

// What a route requires of its caller. Relay keys are refused on all of these but the last.
enum class Credential : std::uint8_t {
    none,          // nothing: there is no Caller
    any_key,       // a server or client key
    server_key,    // a server key
    rules_key,     // a server key, or a client key that may have rules
    client_key,    // a client key
    stream_token,  // the query parameter `token`, made for a server or client key (stream_tokens.hpp)
    relay_key,     // a relay key
};

// Who makes a request. Valid until the worker looks at the serving state again, hence not across a
// wait.
struct Caller {
    const cache::EnvironmentState* environment = nullptr;
    const model::AccessEntry* key = nullptr;
    std::uint32_t sdk = 0;  // what the request says it is made by, as number of Counters::sdk_id()

    bool is_client() const noexcept { return key->kind == model::AccessEntry::Kind::client; }
};

struct Admission {
    Outcome outcome = Outcome::ok;
    Caller caller;               // also of a request that is refused although its key is known; null members otherwise
    std::string_view text;       // why it is refused, for the caller; contains nothing secret
    UnixMillis retry_after = 0;  // milliseconds after which to try again; 0: trying again does not help

    explicit operator bool() const noexcept { return outcome == Outcome::ok; }
};

// Takes from the rate limits and records the use of the key. What is refused for its key, and
// Credential::none, which has none, takes from the rate of strangers.
Admission admit(WorkerDeps& services, const net::Request& request, Credential credential, UnixMillis now);

// The same for a key that is not in the request's headers.
Admission admit_as(WorkerDeps& services, const net::Request& request, std::string_view key, Credential credential,
                   UnixMillis now);

// What a request says it is made by: Fanion-Sdk without the instance ("python/1.0" of
// "python/1.0; f3a9"), or else X-Fanion-SDK, or else the first product of User-Agent
// ("python-requests/2.31.0"). Empty when it says nothing.
std::string_view sdk_of(const net::Request& request) noexcept;

// For a request that was admitted and had to wait: the same without the rate limits. `credential`
// is not Credential::none.
Admission admit_again(WorkerDeps& services, const net::Request& request, Credential credential, UnixMillis now);

// Whether what is not known here, a key or an environment, may have yet to arrive: something that
// is granted is missing, or upstream has not been heard for so long that an environment is stale.
bool may_be_missing(const cache::ServingState* state, UnixMillis now);

// A refusal of one request or stream too many, which it counts.
Admission limited(WorkerDeps& services, Limit limit, const Caller& caller, UnixMillis retry_after);

// Whether the key may have rulesets (Credential::rules_key).
bool may_have_rules(const model::AccessEntry& key) noexcept;

// Whether `now` (Unix milliseconds) is in [not_before, not_after); a bound that is not set does not
// limit.
bool is_valid_at(const model::AccessEntry& key, UnixMillis now) noexcept;

}  // namespace fanion::relay::serve
