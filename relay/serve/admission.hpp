#pragma once

// Who asks, and whether they may: limits, key, times, kind. One look at the serving state per request.

#include <string_view>

#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "relay/serve/outcome.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::serve {

struct Caller {  // valid until the worker's next look at the serving state
    const cache::EnvironmentState* environment = nullptr;
    const model::AccessEntry* key = nullptr;

    bool is_client() const noexcept { return key->kind == model::AccessEntry::Kind::client; }
};

struct Admission {
    Outcome outcome = Outcome::ok;  // ok, or why not
    UnixMillis retry_after = 0;     // milliseconds, where trying again later helps
    Caller caller;                  // key also where it is known but refused

    explicit operator bool() const noexcept { return outcome == Outcome::ok; }
};

// Whether `now` (Unix milliseconds) is in [not_before, not_after); a bound that is not set does not limit.
bool is_valid_at(const model::AccessEntry& key, UnixMillis now) noexcept;

// For evaluation: server and client keys.
Admission admit(WorkerDeps& services, const net::Request& request, UnixMillis now);

// The same for the bearer of an event stream's token.
Admission admit_token(WorkerDeps& services, std::string_view token, UnixMillis now);

// One sentence for the caller about a refusal, without anything secret.
std::string_view refusal_text(const Admission& admission) noexcept;

// Sets what every refusal carries beside its body: status, Retry-After, WWW-Authenticate.
void set_refusal(net::Response& response, const Admission& admission);

}  // namespace fanion::relay::serve
