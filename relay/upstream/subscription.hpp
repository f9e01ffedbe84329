#pragma once

// What to do next about the environments a stream brings: pure protocol state. The coroutine around it (stream_client) obeys.
//
//     event arrives   -> on_event()     deliver its bytes to the cache, or ignore it
//     cache answered  -> on_verdict()   done, or fetch the full ruleset, or look for newer trust first
//     fetch answered  -> on_fetched()   the same for what GET /relay/v1/rulesets/{env_id} brought
//
// Rules: a gap, or a head above what is held, is answered by one fetch of the full ruleset; a refused document is not asked
// for again before a newer version or a minute; nothing but a signed revocation forgets an environment. One thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/wire/have.hpp"
#include "common/wire/verdict.hpp"

namespace fanion::relay::upstream {

enum class Document { ruleset, head };  // put and patch; head and revoked

enum class FetchFailure { not_granted, failed };  // 403 or 404; everything else

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
    static constexpr UnixMillis fetch_pause = 1'000;  // between fetches of one environment that brought nothing
    static constexpr UnixMillis trust_pause = 30'000;
    static constexpr std::size_t most_environments = 2'000;  // ids are unsigned until their document is verified

    explicit Subscription(const wire::Have& held);

    // For Fanion-Have. An environment that needs its full ruleset is left out.
    wire::Have have() const;
    // Environments to poll when streams do not pass.
    const wire::Have& held() const noexcept { return held_; }

    // `event` and `id` as they came: unknown events and ids that are none are ignored.
    Action on_event(std::string_view event, std::string_view id);
    // The environment that a head's id, unsigned as it is, says is held in an older version or not at all.
    std::optional<std::string> behind(std::string_view event, std::string_view id) const;
    Action on_verdict(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now);
    Action on_fetched(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now);
    void on_fetch_failed(const std::string& env_id, FetchFailure failure, UnixMillis now);
    // After refresh_trust: fetch again when the chain grew.
    Action on_trust(const std::string& env_id, bool advanced, UnixMillis now);

    // A new connection begins.
    void on_connected();
    // True once a head came on this connection and everything it named is held: all that is granted has arrived.
    bool is_complete() const noexcept { return complete_; }

private:
    struct Environment {
        wire::Version newest;   // by what was verified: a head, or what is held
        wire::Version claimed;  // by the id of the event being judged: unsigned
        wire::Version fetched;  // on this connection: deltas up to it are late, not rolled back
        std::optional<wire::Version> refused;
        UnixMillis refused_until = 0;
        UnixMillis fetch_not_before = 0;
        bool whole_needed = false;
        bool from_patch = false;  // the document being judged is a delta
    };

    Action fetch(const std::string& env_id, Environment& environment, UnixMillis now);
    Action settle(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now);
    Action on_rejected(const std::string& env_id, wire::Nack code, bool may_fetch, UnixMillis now);
    Action on_head(const std::string& env_id, wire::Version version, UnixMillis now);
    static void record_refused(Environment& environment, UnixMillis now);
    bool is_held(const std::string& env_id, wire::Version version) const;
    void update_complete();

    std::map<std::string, Environment, std::less<>> environments_;
    wire::Have held_;
    UnixMillis trust_not_before_ = 0;
    bool head_seen_ = false;
    bool complete_ = false;
};

}  // namespace fanion::relay::upstream
