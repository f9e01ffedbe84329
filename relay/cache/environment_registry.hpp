#pragma once

// What serving threads read: every environment with its compiled ruleset and the keys that grant
// access to it, in one immutable value behind one atomic load.
//
//     Published<ServingState>::Reader reader(registry.serving());   // one per worker thread
//     const ServingState* state = reader.get();                     // null: nothing was published yet
//     for (const Grant& grant : state->find_key(sha256(key))) ..    // empty: unknown key
//
// Invariants:
// 1. A ServingState and what it points to never change after publishing, except the atomics of
//    EnvironmentSignals and KeyUse, and ServingState::synchronised.
// 2. The registry keeps a replaced state until no reader holds it, so that it is never freed on a
//    serving thread.
// 3. An environment keeps its EnvironmentSignals object over all its versions.

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/base/published.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/model/flag.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"
#include "relay/cache/flag_digests.hpp"
#include "relay/cache/key_uses.hpp"
#include "relay/cache/ruleset_step.hpp"

namespace fanion::relay::cache {

// The newest head that was verified, as it is passed on.
struct SignedHead {
    wire::Version version;
    UnixMillis issued_at = 0;
    std::shared_ptr<const std::string> event;  // as a server-sent event
};
using SignedHeadPtr = std::shared_ptr<const SignedHead>;

// What changes in an environment without a new ruleset. Thread-safe.
class EnvironmentSignals {
public:
    explicit EnvironmentSignals(unsigned workers) : evaluations_(workers) {}

    // Milliseconds since the newest head expired, 0 when it has not. An environment without a head
    // (loaded from disk, control plane unavailable) is stale since it was loaded.
    UnixMillis stale_for(UnixMillis now) const noexcept {
        const auto expires = head_expires_at_.load(std::memory_order_relaxed);
        return now > expires ? now - expires : 0;
    }
    UnixMillis head_expires_at() const noexcept { return head_expires_at_.load(std::memory_order_relaxed); }
    void set_head_expires_at(UnixMillis at) noexcept { head_expires_at_.store(at, std::memory_order_relaxed); }

    // Null: none since the start, on disk neither. Not on the way of an evaluation: it locks.
    SignedHeadPtr head() const {
        std::lock_guard lock(head_mutex_);
        return head_;
    }
    void set_head(SignedHeadPtr head) {
        std::lock_guard lock(head_mutex_);
        head_ = std::move(head);
    }

    // Called by worker `worker` only, for the probation of a new ruleset (distribution.md,
    // Quarantine). Not an event count.
    void record_evaluations(unsigned worker, std::uint64_t count = 1) noexcept {
        auto& slot = evaluations_[worker].value;
        slot.store(slot.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    }
    std::uint64_t evaluations() const noexcept {
        std::uint64_t sum = 0;
        for (const auto& slot : evaluations_) sum += slot.value.load(std::memory_order_relaxed);
        return sum;
    }

private:
    struct alignas(64) Slot {
        std::atomic<std::uint64_t> value{0};
    };
    std::atomic<UnixMillis> head_expires_at_{0};
    std::vector<Slot> evaluations_;  // one per worker, so that counting shares no cache line
    mutable std::mutex head_mutex_;
    SignedHeadPtr head_;
};

// 1, 2, .. in this process. Thread-safe.
std::uint64_t next_state_serial() noexcept;

// One environment at one version. Immutable; shared because requests, streams and the cache hold it
// past a swap.
struct EnvironmentState : std::enable_shared_from_this<EnvironmentState> {
    std::uint64_t serial = next_state_serial();  // unique in this process: a cache entry under it cannot go stale
    std::string env_id;
    std::string org;
    std::string project;
    std::string env;
    eval::RulesetPtr ruleset;  // never null
    wire::Version version;
    std::string etag;  // "<epoch>.<version>", without quotes
    Sha256 root{};
    FlagDigests digests;
    UnixMillis issued_at = 0;
    UnixMillis applied_at = 0;
    std::shared_ptr<const wire::ItemSet> items;  // the complete content, for relays downstream
    std::string full_head;  // signed lines 0 and 1 of the full form at this version; empty when unknown
    ClientRules client_rules;
    RulesetSteps steps;  // the last ones that led here, oldest first; none after a full ruleset
    std::shared_ptr<EnvironmentSignals> signals;
};
using EnvironmentStatePtr = std::shared_ptr<const EnvironmentState>;

// Access of one key to one environment. Server and client keys have one grant; a relay key may have
// several.
struct Grant {
    std::size_t environment = 0;  // index into ServingState::environments
    const model::AccessEntry* entry =
        nullptr;                  // owned by that environment's ruleset; the caller checks its validity period
    std::shared_ptr<KeyUse> use;  // never null; shared by all versions that name the key
};

// The relay keys that environments named when they were revoked, by env_id.
using FormerRelayKeys = std::map<std::string, std::vector<Sha256>, std::less<>>;

struct ServingState {
    std::vector<EnvironmentStatePtr> environments;  // in order of env_id
    std::shared_ptr<const FormerRelayKeys> former;  // null: none was revoked
    // Whether everything that this relay is granted has arrived: until then an unknown key is
    // answered 503, never 401. Changes while the state is in use.
    std::shared_ptr<const std::atomic<bool>> synchronised;
    bool is_synchronised() const noexcept { return synchronised && synchronised->load(std::memory_order_relaxed); }

    // Grants of the key with this SHA-256; empty when unknown.
    std::span<const Grant> find_key(const Sha256& key_hash) const noexcept {
        const auto found = keys.find(key_hash);
        return found == keys.end() ? std::span<const Grant>() : std::span<const Grant>(found->second);
    }
    // Null when not held.
    const EnvironmentState* find_environment(std::string_view env_id) const noexcept;
    // Whether the environment was revoked and this relay key granted it until then: counts of it
    // may still come.
    bool granted_formerly(std::string_view env_id, const Sha256& key_hash) const noexcept;

    struct HashOfHash {  // SHA-256 is uniform already
        std::size_t operator()(const Sha256& hash) const noexcept;
    };
    struct EqualInConstantTime {
        bool operator()(const Sha256& a, const Sha256& b) const noexcept {
            return constant_time_equal(as_view(a), as_view(b));
        }
    };
    std::unordered_map<Sha256, std::vector<Grant>, HashOfHash, EqualInConstantTime> keys;
};

// The events `revoked` of environments that this relay held, by id.
using Revocations = std::map<std::string, SignedHeadPtr, std::less<>>;

// Signed bytes by version.
using TrustDocuments = std::map<std::uint64_t, std::string>;

// The writing side. All but serving() and trust() belong to one thread (the control thread).
class EnvironmentRegistry {
public:
    explicit EnvironmentRegistry(unsigned workers) : workers_(workers) {}

    const Published<ServingState>& serving() const noexcept { return serving_; }

    // For a new environment; kept over all its versions.
    std::shared_ptr<EnvironmentSignals> make_signals() const { return std::make_shared<EnvironmentSignals>(workers_); }

    // When keys were last used, to be reported upstream.
    KeyUses& key_uses() noexcept { return key_uses_; }

    void put(EnvironmentStatePtr state);  // adds or replaces by env_id
    void erase(std::string_view env_id);
    void set_synchronised(bool synchronised) noexcept { synchronised_->store(synchronised, std::memory_order_relaxed); }
    std::shared_ptr<const ServingState> current() const { return serving_.load(); }

    // Replaced values that no reader holds any more, for the caller to free outside the serving
    // threads. An idle reader keeps at most one value alive.
    std::vector<std::shared_ptr<const void>> take_unreferenced();

    // Called after each published change, on the control thread: wakes streams and the status
    // report.
    using Listener = std::function<void(const ServingState&, std::string_view env_id)>;
    void subscribe(Listener listener) { listeners_.push_back(std::move(listener)); }

    // Called after each new head of an environment, which EnvironmentSignals has. The same thread.
    using HeadListener = std::function<void(std::string_view env_id)>;
    void on_head(HeadListener listener) { head_listener_ = std::move(listener); }
    void notify_head(std::string_view env_id) const {
        if (head_listener_) head_listener_(env_id);
    }

    // Signed revocations, for relays below that hold the environment still. Bounded: of too many
    // the earliest are forgotten.
    static constexpr std::size_t most_revocations = 10'000;  // and so many of FormerRelayKeys
    const Published<Revocations>& revocations() const noexcept { return revocations_; }
    void put_revocation(std::string_view env_id, SignedHeadPtr revoked);
    // The relay keys that granted an environment until it was revoked; of one that was revoked
    // before the start, the next put() publishes them.
    void put_former_keys(std::string_view env_id, std::vector<Sha256> hashes);
    std::vector<Sha256> former_keys(std::string_view env_id) const;

    // The trust documents that this relay holds, for those who ask for the newer ones.
    const Published<TrustDocuments>& trust() const noexcept { return trust_; }
    void put_trust(TrustDocuments documents) {
        trust_.publish(std::make_shared<const TrustDocuments>(std::move(documents)));
    }

private:
    void publish(std::vector<EnvironmentStatePtr> environments, std::string_view changed);

    unsigned workers_;
    KeyUses key_uses_;
    std::shared_ptr<std::atomic<bool>> synchronised_ = std::make_shared<std::atomic<bool>>(false);  // of all states
    std::shared_ptr<const FormerRelayKeys> former_;
    Published<ServingState> serving_;
    std::vector<std::shared_ptr<const ServingState>> replaced_;
    std::vector<Listener> listeners_;
    HeadListener head_listener_;
    Published<TrustDocuments> trust_;
    Published<Revocations> revocations_;
};

}  // namespace fanion::relay::cache
