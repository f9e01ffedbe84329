// A signer in another process: what waits for it, and what does not.

#include <catch2/catch.hpp>

#include "control-plane/publish/renewal.hpp"
#include "control-plane/publish/signer_watch.hpp"
#include "tests/integration/control-plane/publish/installation.hpp"
#include "tests/integration/control-plane/publish/switched_key.hpp"

using namespace fanion;
using namespace fanion::cp::publish;
using namespace fanion::test;
using cp::access::EnvironmentId;

namespace {

struct External : Installation {
    std::shared_ptr<SwitchedKey> key = std::make_shared<SwitchedKey>(fixed_key('s'));
    const Signer external =
        Signer::make(key, wire::make_trust("fanion:1", fixed_key('r'), key->public_key(), then), then).value();
    Publisher apart{images, external, blocking, clock, publish_metrics, first_epoch};
    DeltaSigner deltas{{pool, external, clock, publish_metrics, blocking}};
    std::string stored() {
        return sql(
            "SELECT count(*) || ' ' || (SELECT md5(string_agg(e::text, '|' ORDER BY env_id)) FROM "
            "fanion.environments e) || (SELECT count(*) FROM fanion.items) FROM fanion.manifests");
    }
};

}  // namespace

TEST_CASE_METHOD(External, "while the signer is away nothing is published, and nothing of a change is stored") {
    REQUIRE(change(apart, {flag("a", "on")}));
    const auto before = stored();
    key->is_away = true;
    const auto refused = change(apart, {flag("b", "on")});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::unavailable);
    CHECK(refused.error().detail == "nothing is published now: the signer is away");
    CHECK(stored() == before);
    CHECK(publish_metrics.signing_failed.value() == 1);
    key->is_away = false;
    CHECK(change(apart, {flag("b", "on")})->version().number == 2);
    run(feed.scan());
    Receiver receiver(external.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    CHECK(receiver.held->items.items().contains("flag/b"));
}

TEST_CASE_METHOD(External, "where a delta cannot be signed there is none") {
    const auto first = change(apart, {flag("a", "on", 5000)})->version();
    REQUIRE(change(apart, {flag("b", "on", 5000)}));
    REQUIRE(change(apart, {flag("c", "on", 5000)}));
    run(feed.scan());
    const auto environment = catalog.find(EnvironmentId("e_1"));
    REQUIRE(environment);
    CHECK(run(deltas.make(environment, first)));
    key->is_away = true;
    CHECK_FALSE(run(deltas.make(environment, first)));
}

TEST_CASE_METHOD(External, "what is to be renewed waits for the signer") {
    put("a", "on");
    const auto other = std::make_shared<SwitchedKey>(fixed_key('n'));
    const auto present =
        Signer::make(other, wire::make_trust("fanion:1", fixed_key('r'), other->public_key(), then), then).value();
    Publisher exchanged{images, present, blocking, clock, publish_metrics, first_epoch};
    other->is_away = true;
    CHECK_THROWS_AS(run(renew_published(pool, exchanged, log)), std::runtime_error);  // Renewal tries it again
    other->is_away = false;
    CHECK(run(renew_published(pool, exchanged, log)) == 1);
}

TEST_CASE_METHOD(External, "a key of this process is always there") {
    SignerWatch watch(signer, blocking, publish_metrics, log);
    publish_metrics.signer_up.set(0);
    run(watch.look());
    CHECK(publish_metrics.signer_up.value() == 1);
}
