#pragma once

// Who has a stream or a poll open: what outlives the view of the serving state that admitted the
// request. Functions of one worker thread.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "common/base/crypto.hpp"
#include "common/net/sse_stream.hpp"
#include "relay/serve/admission.hpp"

namespace fanion::relay::serve {

struct Subscriber {
    std::string env_id;
    std::string key_id;
    std::string announced;              // Last-Event-ID: what the client knows; empty if it knows none
    bool needs_url = false;             // its token has expired: it is to fetch its flags in full, for another one
    std::optional<Sha256> digest;       // of the flags that the client knows (cache::FlagDigests); none if not known
    std::optional<wire::Version> held;  // the ruleset that the client holds (rulesets::held_version)
    std::string key_sha256 = {};        // of a relay key, whose grants may be several
    std::string have = {};              // Fanion-Have, as it came
};

// `caller` is the request's.
Subscriber subscriber_of(const net::Request& request, const Caller& caller, UnixMillis now);

// As current_caller() of open_stream.hpp.
Caller current_caller(WorkerDeps& services, const Subscriber& subscriber);

// The same environment, to be kept across waits. Null where `caller` has none. It does not look at
// the serving state, which may have a newer one by now.
cache::EnvironmentStatePtr shared_environment(const Caller& caller);

// `wait`, but not beyond the moment at which the key of `caller` expires.
ChangeNotifier::Millis until_expiry(const Caller& caller, UnixMillis now, ChangeNotifier::Millis wait);

// When a stream that begins now is to end: at random, so that load spreads over other relays.
UnixMillis stream_end(WorkerDeps& services);

// At the relay's end: spreads the reconnections of all clients. Each stream ends at a random time,
// with a random delay before the client returns.
boost::asio::awaitable<void> send_retry(WorkerDeps& services, net::SseStream& stream);

}  // namespace fanion::relay::serve
