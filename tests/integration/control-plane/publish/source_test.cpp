#include <catch2/catch.hpp>

#include "tests/integration/control-plane/publish/installation.hpp"

using namespace fanion;
using namespace fanion::cp::publish;
using namespace fanion::test;
using cp::access::EnvironmentId;

TEST_CASE_METHOD(Installation, "a delta from any older version leads to the newest content") {
    put("unchanged", "on", 30'000);  // so that every delta is smaller than the whole
    std::vector<Receiver> receivers;
    for (int i = 0; i < 6; ++i) {
        if (i == 4) {
            REQUIRE(change(publisher, {{"flag/b", nullptr}}));
        } else {
            put(i % 2 == 0 ? "a" : "b", i < 2 ? "on" : "off", 3000);
        }
        run(feed.scan());
        receivers.emplace_back(signer.trust().newest());
        REQUIRE(receivers.back().take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    }
    receivers.pop_back();
    for (auto& receiver : receivers) {
        const auto delta = run(source.delta(catalog.find(EnvironmentId("e_1")), receiver.version()));
        REQUIRE(delta);
        CHECK(delta.version.number == 7);
        CHECK(receiver.take(*delta.bytes).empty());
        CHECK(receiver.version().number == 7);
        CHECK_FALSE(receiver.held->full_head.empty());
    }
}

TEST_CASE_METHOD(Installation, "there is no delta from a version before the history, and none to the same version") {
    const auto first = put("a", "on", 10'000);
    const auto second = put("a", "off", 10'000);
    run(feed.scan());
    CHECK_FALSE(run(source.delta(catalog.find(EnvironmentId("e_1")), second)));
    CHECK_FALSE(run(source.delta(catalog.find(EnvironmentId("e_1")), {first.epoch, 3})));
    CHECK_FALSE(run(source.delta(catalog.find(EnvironmentId("e_1")), {first.epoch - 1, 1})));
    CHECK_FALSE(run(source.delta(catalog.find(EnvironmentId("e_1")), {first.epoch, 0})));
    CHECK_FALSE(run(source.delta(catalog.find(EnvironmentId("e_unknown")), first)));
    CHECK_FALSE(run(source.full(catalog.find(EnvironmentId("e_unknown")))));
    sql("DELETE FROM fanion.manifests WHERE version = 1");
    CHECK_FALSE(run(source.delta(catalog.find(EnvironmentId("e_1")), first)));
}

TEST_CASE_METHOD(Installation, "a delta that would be as large as the full ruleset is not made") {
    const auto first = put("a", "on", 10'000);
    put("a", "off", 10'000);
    run(feed.scan());
    CHECK_FALSE(run(source.delta(catalog.find(EnvironmentId("e_1")), first)));
    put("b", "on", 10'000);
    put("a", "on", 10'001);
    run(feed.scan());
    CHECK_FALSE(run(source.delta(catalog.find(EnvironmentId("e_1")), first)));
    put("c", "on", 40'000);
    run(feed.scan());
    const auto recent = catalog.find(EnvironmentId("e_1"))->version();
    put("a", "off", 10'001);
    run(feed.scan());
    CHECK(run(source.delta(catalog.find(EnvironmentId("e_1")), recent)));
}

TEST_CASE_METHOD(Installation, "documents, including compressed ones, are made once") {
    put("a", "on", 5000);
    run(feed.scan());
    const auto full = run(source.full(catalog.find(EnvironmentId("e_1"))));
    CHECK(run(source.full(catalog.find(EnvironmentId("e_1")))).bytes == full.bytes);
    for (const auto encoding : {Encoding::gzip, Encoding::zstd}) {
        const auto packed = run(source.encoded(full, encoding));
        CHECK(packed->size() < full.bytes->size());
        CHECK(decompress(encoding, *packed, 1'000'000).value() == *full.bytes);
        CHECK(run(source.encoded(full, encoding)) == packed);
    }
    CHECK(run(source.encoded(full, Encoding::identity)) == full.bytes);
    put("a", "off", 5000);
    run(feed.scan());
    CHECK(run(source.full(catalog.find(EnvironmentId("e_1")))).bytes != full.bytes);
}

TEST_CASE_METHOD(Installation, "stored content that was tampered with is not signed") {
    put("a", "on");
    run(feed.scan());
    ImageCache empty;
    FullRulesets uncached({pool, empty, publish_metrics, log});
    RulesetSource fresh({catalog, uncached, delta_signer, blocking});
    sql("UPDATE fanion.items SET body = '{}', sha256 = sha256('{}') WHERE item_key = 'flag/a'");
    CHECK_FALSE(run(fresh.full(catalog.find(EnvironmentId("e_1")))));
}
