#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>
#include <optional>

#include "control-plane/publish/renewal.hpp"
#include "tests/integration/control-plane/publish/installation.hpp"

using namespace fanion;
using namespace fanion::cp::publish;
using namespace fanion::test;
using cp::access::EnvironmentId;

namespace {

awaitable<Result<>> check(Installation& at, wire::ItemChange change) {
    auto tx = co_await at.pool.begin(cp::db::Scope::tenant("o_1"));
    const auto env = co_await cp::projects::find_environment(tx, cp::access::ProjectId("p_1"), "production");
    std::vector<wire::ItemChange> changes;
    changes.push_back(std::move(change));
    const auto checked = co_await at.publisher.check(tx, *env, std::move(changes));
    if (!checked) co_return checked.error();
    co_return boost::system::in_place_value;
}

awaitable<bool> may_lock(Installation& at, cp::access::OrgId org_id, cp::access::ProjectId project_id) {
    auto tx = co_await at.pool.begin(cp::db::Scope::tenant(org_id.str()));
    const auto env = co_await cp::projects::lock_environment(tx, project_id, "production");
    co_return env.has_value();
}

// Publishes with the former key, and commits once a renewal that has listed the environment waits for it.
awaitable<void> change_while_renewed(Installation& at, Publisher& exchanged, std::optional<std::size_t>& renewed) {
    auto tx = co_await at.pool.begin(cp::db::Scope::tenant("o_1"));
    const auto env = co_await cp::projects::lock_environment(tx, cp::access::ProjectId("p_1"), "production");
    std::vector<wire::ItemChange> changes;
    changes.push_back(flag("b", "on"));
    auto published = co_await at.publisher.publish(tx, *env, std::move(changes));
    const auto on_end = [&renewed](const std::exception_ptr& error, std::size_t count) {
        if (!error) renewed = count;
    };
    boost::asio::co_spawn(at.context, renew_published(at.pool, exchanged, at.log), on_end);
    const auto waits = [&at] {
        return at.sql(
                   "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
                   "current_database()") == "t";
    };
    while (!waits()) co_await net::sleep_for(std::chrono::milliseconds(5));
    co_await tx.commit();
    published->committed();
}

// A first trust document with `key` as its only signer.
std::string trust_of(const Ed25519PrivateKey& key, std::uint64_t epoch_floor) {
    const auto root = fixed_key('r');
    auto document = wire::parse_first_trust(wire::make_trust("fanion:1", root, key.public_key(), then)).value();
    document.epoch_floor = epoch_floor;
    const auto payload = wire::to_json(document);
    wire::SignatureLine line0;
    line0.signatures.push_back(wire::sign_payload(root, wire::trust_payload_type, payload));
    return wire::format_signed_head(line0, payload);
}

}  // namespace

TEST_CASE_METHOD(Installation, "the first version contains the environment item and is accepted by a relay") {
    const auto published = change(publisher, {});
    REQUIRE(published);
    CHECK(published->changed());
    CHECK(published->version() == wire::Version{first_epoch, 1});
    CHECK(sql("SELECT string_agg(item_key, ',') FROM fanion.items WHERE env_id = 'e_1'") == "environment");
    CHECK(sql("SELECT count(*) FROM fanion.outbox WHERE env_id = 'e_1' AND kind = 'version' AND version = 1") == "1");
    CHECK(sql("SELECT encode(manifest_sha256, 'hex') = encode(sha256(convert_to(full_manifest, 'UTF8')), 'hex') FROM "
              "fanion.environments e JOIN fanion.manifests m USING (env_id)") == "t");
    run(feed.scan());
    Receiver receiver(signer.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    CHECK(receiver.held->manifest.org == "acme");
    CHECK_FALSE(receiver.held->manifest.prev);
}

TEST_CASE_METHOD(Installation, "each change increments the version; an empty change does not") {
    put("a", "on");
    const auto second = put("a", "off");
    CHECK(second == wire::Version{first_epoch, 2});
    const auto again = change(publisher, {flag("a", "off")});
    REQUIRE(again);
    CHECK_FALSE(again->changed());
    CHECK(again->version() == second);
    CHECK(sql("SELECT count(*) FROM fanion.manifests WHERE env_id = 'e_1'") == "2");
    const auto removed = change(publisher, {{"flag/a", nullptr}});
    CHECK(removed->version().number == 3);
    CHECK(sql("SELECT count(*) FROM fanion.items WHERE env_id = 'e_1'") == "1");
    CHECK(sql("SELECT body IS NULL FROM fanion.item_changes WHERE env_id = 'e_1' AND version = 3") == "t");
}

TEST_CASE_METHOD(Installation, "a ruleset that does not compile is refused with its findings, and nothing is written") {
    put("a", "on");
    const auto refused = change(publisher, {flag("a", "nothing")});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::unprocessable);
    REQUIRE_FALSE(refused.error().findings.empty());
    CHECK(refused.error().findings[0].item == "flag/a");
    CHECK(sql("SELECT version FROM fanion.environments WHERE env_id = 'e_1'") == "1");
    CHECK(publish_metrics.refused.value() == 1);
}

TEST_CASE_METHOD(Installation, "a change that was rolled back does not affect the next one") {
    put("a", "on");
    auto dropped = change(publisher, {flag("b", "on")}, false);
    REQUIRE(dropped);
    CHECK(dropped->version().number == 2);
    const auto next = put("c", "on");
    CHECK(next.number == 2);
    CHECK(sql("SELECT string_agg(item_key, ',' ORDER BY item_key) FROM fanion.items WHERE env_id = 'e_1'") ==
          "environment,flag/a,flag/c");
    run(feed.scan());
    Receiver receiver(signer.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    CHECK(receiver.held->items.items().contains("flag/c"));
    CHECK_FALSE(receiver.held->items.items().contains("flag/b"));
}

TEST_CASE_METHOD(Installation, "two replicas that alternate build on each other's versions") {
    ImageCache other_images;
    Publisher other(other_images, signer, blocking, clock, publish_metrics, first_epoch);
    put("a", "on");
    REQUIRE(change(other, {flag("b", "on")}));
    put("c", "on");
    REQUIRE(change(other, {flag("a", "off")}));
    run(feed.scan());
    Receiver receiver(signer.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    CHECK(receiver.version().number == 4);
    CHECK(receiver.held->items.size() == 4);
    CHECK(*receiver.held->items.items().at("flag/a").body == *flag("a", "off").body);
}

TEST_CASE_METHOD(Installation, "a check finds what publishing would refuse, and writes nothing") {
    put("a", "on");
    CHECK(run(check(*this, flag("b", "on"))));
    CHECK_FALSE(run(check(*this, flag("b", "nothing"))));
    CHECK(sql("SELECT version FROM fanion.environments WHERE env_id = 'e_1'") == "1");
}

TEST_CASE_METHOD(Installation, "in a new epoch every environment is published once more, with the next number") {
    put("a", "on");
    REQUIRE(run(publish(publisher, "o_2", "p_2", "production", {flag("x", "on")}, true)));
    const auto new_epoch = first_epoch + 100;
    Publisher renewed(images, signer, blocking, clock, publish_metrics, new_epoch);
    sql("UPDATE fanion.projects SET deleted_at = now() WHERE project_id = 'p_2'; "
        "UPDATE fanion.environments SET deleted_at = now() WHERE project_id = 'p_2'");  // it may be restored
    CHECK(run(renew_published(pool, renewed, log)) == 2);
    CHECK(run(renew_published(pool, renewed, log)) == 0);
    CHECK(sql("SELECT epoch || '.' || version FROM fanion.environments WHERE env_id = 'e_1'") ==
          std::to_string(new_epoch) + ".2");
    CHECK(sql("SELECT epoch || '.' || version FROM fanion.environments WHERE env_id = 'e_2'") == "0.0");
    CHECK(sql("SELECT count(*) FROM fanion.manifests WHERE delta_manifest IS NOT NULL") == "0");
    run(feed.scan());
    Receiver receiver(signer.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    CHECK(receiver.held->items.items().contains("flag/a"));
}

TEST_CASE_METHOD(Installation, "what another key has signed is published once more, with the content that there is") {
    put("a", "on");
    const auto key = fixed_key('n');
    const auto present = Signer::make(key.to_pem(), trust_of(key, 0), then).value();
    Publisher exchanged(images, present, blocking, clock, publish_metrics, first_epoch);
    CHECK(run(renew_published(pool, publisher, log)) == 0);
    CHECK(run(renew_published(pool, exchanged, log)) == 1);
    CHECK(run(renew_published(pool, exchanged, log)) == 0);
    CHECK(sql("SELECT epoch || '.' || version FROM fanion.environments WHERE env_id = 'e_1'") ==
          std::to_string(first_epoch) + ".2");
    run(feed.scan());
    Receiver receiver(present.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    CHECK(receiver.held->items.items().contains("flag/a"));
}

TEST_CASE_METHOD(Installation,
                 "an environment that a replica with the former key changes meanwhile is renewed all the same") {
    put("a", "on");
    const auto key = fixed_key('n');
    const auto present = Signer::make(key.to_pem(), trust_of(key, 0), then).value();
    Publisher exchanged(images, present, blocking, clock, publish_metrics, first_epoch);
    std::optional<std::size_t> renewed;
    run(change_while_renewed(*this, exchanged, renewed));
    run_until([&] { return renewed.has_value(); });
    CHECK(renewed == 1);
    CHECK(sql("SELECT version FROM fanion.environments WHERE env_id = 'e_1'") == "3");
    CHECK(run(renew_published(pool, exchanged, log)) == 0);
}

TEST_CASE_METHOD(Installation,
                 "an epoch floor above the epoch is the epoch of what is published, and published again") {
    put("a", "on");
    const auto floor = first_epoch + 7;
    const auto present = Signer::make(fixed_key('s').to_pem(), trust_of(fixed_key('s'), floor), then).value();
    Publisher raised(images, present, blocking, clock, publish_metrics, first_epoch);
    CHECK(run(renew_published(pool, raised, log)) == 1);
    CHECK(run(renew_published(pool, raised, log)) == 0);
    CHECK(change(raised, {flag("b", "on")})->version() == wire::Version{floor, 3});
    run(feed.scan());
    Receiver receiver(present.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
}

TEST_CASE_METHOD(Installation, "another tenant's environment cannot be published under this one's scope") {
    CHECK(run(may_lock(*this, cp::access::OrgId("o_1"), cp::access::ProjectId("p_1"))));
    CHECK_FALSE(run(may_lock(*this, cp::access::OrgId("o_1"), cp::access::ProjectId("p_2"))));
}

TEST_CASE_METHOD(Installation, "the environment item is the publisher's own: nobody else may change it") {
    CHECK_THROWS_AS(change(publisher, {{"environment", nullptr}}), std::logic_error);
    CHECK(sql("SELECT version FROM fanion.environments WHERE env_id = 'e_1'") == "0");
}
