#pragma once

// Makes the next version of an environment inside the transaction that changes it (distribution.md,
// Publishing). One thread (its I/O thread); compiling runs on the blocking pool.
//
// Invariants: the image cache learns of a version only after its commit, so a version that is
// rolled back leaves no trace. An image is used only when it has the locked row's version and root.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/net/begun_work.hpp"
#include "control-plane/publish/environment_image.hpp"
#include "control-plane/publish/metrics.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"
#include "control-plane/publish/signer.hpp"
#include "control-plane/publish/snapshot_builder.hpp"
#include "control-plane/publish/stage.hpp"

namespace fanion::cp::publish {

class Publisher final : public RulesetPublisher {
public:
    // `epoch`: the installation's (open_instance). The next version of an environment of a lower
    // epoch moves it to this one, or to the trust document's epoch floor where that is higher.
    Publisher(ImageCache& images, const Signer& signer, net::BlockingPool& blocking, const Clock& clock,
              Metrics& metrics, std::uint64_t epoch)
        : images_(images), signer_(signer), blocking_(blocking), clock_(clock), metrics_(metrics), epoch_(epoch) {}

    boost::asio::awaitable<Result<Publication>> publish(db::Transaction& tx, const projects::LockedEnvironment& env,
                                                        std::vector<wire::ItemChange> changes,
                                                        std::string checked = {}) override;
    boost::asio::awaitable<Result<Publication>> withdraw(db::Transaction& tx,
                                                         const projects::LockedEnvironment& env) override;
    boost::asio::awaitable<Result<std::vector<Finding>>> check(db::Transaction& tx, const projects::Environment& env,
                                                               std::vector<wire::ItemChange> changes,
                                                               std::string checked = {}) override;

    // The next version with the content that there is, signed with the present key; of what is held
    // and what is released, if something is held. `env` must be locked by `tx` and have been
    // published. As publish() otherwise.
    boost::asio::awaitable<Result<Publication>> publish_again(db::Transaction& tx,
                                                              const projects::LockedEnvironment& env);

    // The lowest epoch of a version that is published now, and the key that signs it.
    std::uint64_t epoch() const noexcept { return std::max(epoch_, signer_.trust().newest().epoch_floor); }
    const std::string& kid() const noexcept { return signer_.kid(); }

private:
    // One version on the way from the locked row's to the next.
    struct Step {
        std::vector<wire::ItemChange> changes;
        std::string checked;
        Passage passage = Passage::at_once;
        bool is_forced = false;      // a version even if nothing changes
        bool is_withdrawal = false;  // the caller ends the stage
        telemetry::TraceContext trace = {};
    };
    boost::asio::awaitable<Result<Publication>> make_step(db::Transaction& tx, const projects::Environment& env,
                                                          Step step);
    boost::asio::awaitable<Result<Publication>> make_beneath(db::Transaction& tx, const projects::Environment& env,
                                                             Step step);
    void write_stage(db::Transaction& tx, const projects::Environment& env, wire::Version version, Passage passage);
    boost::asio::awaitable<ImagePtr> present_image(db::Transaction& tx, const projects::Environment& env);
    struct Built {
        Result<Draft> draft;
        std::chrono::duration<double> took;
    };
    using Building = net::BegunWork<Built>;
    boost::asio::awaitable<Building> begin_build(db::Transaction& tx, const projects::Environment& env,
                                                 std::vector<wire::ItemChange> changes, std::string checked);
    boost::asio::awaitable<Result<Draft>> end_build(Building building);
    boost::asio::awaitable<Result<Publication>> write(db::Transaction& tx, const projects::Environment& env,
                                                      Draft draft, std::optional<wire::AuditHead> audit,
                                                      telemetry::TraceContext trace);
    Publication unchanged(const projects::Environment& env, Draft& draft);

    ImageCache& images_;
    const Signer& signer_;
    net::BlockingPool& blocking_;
    const Clock& clock_;
    Metrics& metrics_;
    std::uint64_t epoch_;
};

}  // namespace fanion::cp::publish
