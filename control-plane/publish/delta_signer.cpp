#include "control-plane/publish/delta_signer.hpp"

#include <map>
#include <memory>
#include <utility>

#include "common/wire/delta.hpp"
#include "control-plane/publish/snapshot_builder.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

namespace {

// Up to this size a delta is sent even where the whole ruleset is no larger.
constexpr std::size_t always_delta_bytes = 4096;

}  // namespace

awaitable<SignedDocument> DeltaSigner::make(PublishedPtr environment, wire::Version base) {
    const auto& env_id = environment->place.env_id;
    const wire::Version before{base.epoch, base.number - 1};
    auto scope = db::Scope::none();
    auto tx = co_await deps_.pool.begin(std::move(scope), db::Mode::snapshot);
    const auto from = co_await feed_manifests(tx, env_id, before, 1);
    auto all = co_await feed_changes(tx, env_id, base, environment->version());
    co_await tx.commit();
    if (from.empty() || from.front().version != base) co_return SignedDocument{};
    const auto held = wire::parse_manifest(from.front().full.manifest);
    if (!held) co_return SignedDocument{};

    std::map<std::string, wire::ItemChange> last;  // in key order; of several changes of one item the newest
    for (auto& entry : all) last.insert_or_assign(entry.change.key, entry.change);
    std::vector<wire::ItemChange> changes;
    for (auto& [key, change] : last) changes.push_back(std::move(change));

    const wire::DeltaBase delta_base{base, held->root};
    const auto manifest =
        delta_manifest(environment->manifest, environment->full.manifest, delta_base, deps_.clock.now());
    auto work = [signer = deps_.signer, manifest, environment] { return signer.sign(manifest, environment->full); };
    auto signing = run_signing(deps_.signer, deps_.blocking, std::move(work));
    const auto head = co_await std::move(signing);
    if (!head) {
        deps_.metrics.signing_failed.add();
        co_return SignedDocument{};
    }
    auto bytes = lines_of(*head);
    wire::append_changes(bytes, changes);
    deps_.metrics.deltas_signed.add();
    const auto full_bytes =
        environment->full.line0.size() + environment->full.manifest.size() + environment->manifest.bytes;
    if (bytes.size() >= full_bytes && bytes.size() > always_delta_bytes) co_return SignedDocument{};
    co_return SignedDocument{environment->version(), std::make_shared<const std::string>(std::move(bytes)), {}};
}

}  // namespace fanion::cp::publish
