#pragma once

// Decides what to do next for each environment of a stream: pure protocol state. The Synchroniser
// carries the actions out.
//
//     event received   -> on_event()     deliver its bytes to the cache, or ignore it
//     cache's verdict  -> on_verdict()   done, or fetch the full ruleset, or refresh trust first
//     fetch completed  -> on_fetched()   the same for the body of GET /relay/v1/rulesets/{env_id}
//
// Rules: a gap, a head above what is held, or a ruleset that may have been damaged on the way leads
// to one fetch of the full ruleset; a rejected ruleset is not fetched again until a newer version
// is announced or a minute has passed; only a signed revocation removes an environment. One thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/wire/have.hpp"
#include "common/wire/verdict.hpp"

namespace fanion::relay::upstream {

enum class Document { ruleset, head };  // events put and patch; events head and revoked

enum class FetchFailure { not_granted, failed };  // 403 or 404; any other failure

struct Action {
    enum class Kind { none, deliver, fetch, refresh_trust };
    Kind kind = Kind::none;
    Document document = Document::ruleset;
    std::string env_id;

    friend bool operator==(const Action&, const Action&) = default;
};

class Subscription {
public:
    static constexpr UnixMillis refused_pause = 60'000;
    static constexpr UnixMillis fetch_pause = 1'000;  // between fetches of one environment that applied nothing
    static constexpr UnixMillis trust_pause = 30'000;
    static constexpr std::size_t most_environments = 2'000;  // ids are unsigned until their document is verified
    static constexpr std::size_t most_useless = 8;           // see is_useless()

    explicit Subscription(const wire::Have& held);

    // The cache accepted a ruleset that did not come from upstream.
    void on_held(const std::string& env_id, wire::Version version);

    // The value of Fanion-Have: all environments but those that need their full ruleset.
    wire::Have have() const;
    // The newest accepted version of each environment.
    const wire::Have& held() const noexcept { return held_; }

    // `event` and `id` as received: unknown events and malformed ids are ignored.
    Action on_event(std::string_view event, std::string_view id);
    // The environment of a head event, if its (unsigned) id names a newer version than is held.
    std::optional<std::string> environment_behind(std::string_view event, std::string_view id) const;
    Action on_verdict(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now);
    // The same for the answer to a poll: a delta or a full ruleset.
    Action on_polled(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now);
    Action on_fetched(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now);
    // True when the last fetch of this environment did not fail in the same way.
    bool on_fetch_failed(const std::string& env_id, FetchFailure failure, UnixMillis now);
    // After refresh_trust.
    Action on_trust(const std::string& env_id, bool advanced, UnixMillis now);

    // A new connection begins.
    void on_connected();
    // True while a head was received on this connection and every version named is held: a rejected
    // one is missing, and so are the keys in it.
    bool is_complete() const noexcept { return complete_; }
    // Connections so far.
    std::uint64_t connections() const noexcept { return connections_; }

    // Documents of use received so far: new rulesets, valid heads and revocations.
    std::uint64_t accepted() const noexcept { return accepted_; }
    // On this connection, more events in a row were of no use than damage explains: it is better
    // left. The first signed ruleset of each environment does not count: at the start of a stream
    // there may be many that this relay rejects or has already.
    bool is_useless() const noexcept { return useless_ > most_useless; }

private:
    enum class Source { head, delta, full, fetch };
    struct Environment {
        wire::Version newest;   // verified: of a head, or of what is held
        wire::Version claimed;  // by the id of the event being processed: unsigned
        wire::Version fetched;  // on this connection: deltas up to it are late, not a rollback
        std::optional<wire::Version> refused;
        UnixMillis refused_until = 0;
        UnixMillis fetch_not_before = 0;
        bool full_needed = false;
        bool was_useless = false;             // a signed ruleset, on this connection
        Source source = Source::head;         // of the document being processed
        std::optional<FetchFailure> failure;  // of the last fetch
    };

    Action fetch(const std::string& env_id, Environment& environment, UnixMillis now);
    Action fetch_once(const std::string& env_id, Environment& environment, UnixMillis now);
    Action handle(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now);
    Action settle(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now);
    Action on_rejected(const std::string& env_id, wire::Nack code, UnixMillis now);
    Action on_head(const std::string& env_id, wire::Version version, UnixMillis now);
    static void record_refused(Environment& environment, UnixMillis now);
    static bool is_known_bad(const Environment& environment, wire::Version version, UnixMillis now);
    void forget_unverified(const std::string& env_id);
    bool is_held(const std::string& env_id, wire::Version version) const;
    void update_complete();

    std::map<std::string, Environment, std::less<>> environments_;
    wire::Have held_;
    UnixMillis trust_not_before_ = 0;
    std::uint64_t connections_ = 0;
    std::uint64_t accepted_ = 0;
    std::size_t useless_ = 0;  // events since the last that was of use
    bool head_seen_ = false;
    bool complete_ = false;
};

}  // namespace fanion::relay::upstream
