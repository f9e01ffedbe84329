#pragma once

// A control plane as a relay sees it: environments with versions, signed documents, streams, trust
// documents, and a store of events that counts each batch once. It is right by construction and
// small; what is tested is the relay.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/wire/event_batch.hpp"
#include "common/wire/have.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/trust.hpp"
#include "tests/unit/relay/simulation/network.hpp"

namespace fanion::test {

class ControlPlane final : public Server {
public:
    static constexpr std::size_t environments = 2;
    static constexpr std::string_view relay_key = "fan_rly_below";  // of relays, at relays too

    ControlPlane(Machine& machine, Network& network);

    // The operator's copy of the first trust document.
    const std::string& first_trust() const { return first_trust_; }

    // What happens to it.
    void commit();      // a random change
    void commit_all();  // a change of each environment
    void send_heads();  // to all streams
    void restart();     // every stream ends
    void keep_backup() { backup_ = database_; }
    void restore_backup();   // an older database, and so a new epoch
    void add_signer();       // signs from now on
    void remove_signers();   // all but the present one
    void revoke_or_grant();  // one environment
    void grant_all();
    void forge();                                              // sends what others have signed to all streams
    void set_strange(bool strange) { is_strange_ = strange; }  // refuses some batches of events, always the same

    void answer(net::ClientRequest request, PendingResponse to) override { to->settle(respond(request)); }
    void open(net::ClientRequest request, PendingStream to) override { to->settle(Opened{200, subscribe(request)}); }

    // For the invariants.
    using Roots = std::map<wire::Version, Sha256>;
    const std::map<std::string, Roots>& committed() const { return committed_; }  // ever, of all databases
    struct Present {
        wire::Version version;
        bool is_granted = true;
    };
    Present present(const std::string& env_id) const;
    bool was_revoked(const std::string& env_id) const { return revoked_ever_.contains(env_id); }
    std::uint64_t trust_version() const { return trust_.version; }
    const std::map<std::string, std::uint64_t>& stored() const { return stored_; }  // evaluations by flag
    // What the relay has last reported: its own report, or what the relay above it has passed up.
    const wire::Have& reported(const std::string& relay) { return reported_[relay]; }

private:
    struct Environment {
        wire::Version version;
        wire::ItemSet items;
        std::map<wire::Version, wire::ItemSet> history;
        bool is_granted = true;
    };
    using Database = std::map<std::string, Environment>;
    enum class Taken { stored, duplicate, divided };
    struct Subscriber {
        ChannelPtr channel;
        wire::Have sent;
    };

    net::ClientResponse respond(const net::ClientRequest& request);
    ChannelPtr subscribe(const net::ClientRequest& request);
    void commit(const std::string& env_id);
    void renew_all();
    void publish(const std::string& env_id);
    void record(const std::string& env_id);
    void bring_up_to_date(Subscriber& subscriber, const std::string& env_id);
    wire::Manifest manifest(const std::string& env_id, wire::ManifestType type) const;
    std::string sign(const wire::Manifest& manifest) const;
    std::string full(const std::string& env_id) const;
    std::string delta(const std::string& env_id, wire::Version from) const;
    std::string head(const std::string& env_id) const;
    bool has_base(const std::string& env_id, wire::Version from) const;
    std::string heads_for(const wire::Have& have) const;
    net::ClientResponse answer_events(const net::ClientRequest& request);
    Taken take(const wire::EventBatch& batch);
    net::ClientResponse answer_status(const net::ClientRequest& request);
    void append_trust(wire::TrustDocument next);

    Machine& machine_;
    Network& network_;
    Database database_;
    std::optional<Database> backup_;
    std::uint64_t epoch_ = 1'763'719'200;
    wire::TrustDocument trust_;
    std::string first_trust_;
    std::vector<std::string> trust_successors_;
    std::size_t signer_ = 0;
    std::vector<Subscriber> subscribers_;
    bool is_strange_ = false;

    std::map<std::string, Roots> committed_;
    std::set<std::string> revoked_ever_;
    std::map<std::string, Taken> batches_;  // stored or divided, by id
    std::map<std::string, std::uint64_t> stored_;
    std::map<std::string, wire::Have> reported_;
};

}  // namespace fanion::test
