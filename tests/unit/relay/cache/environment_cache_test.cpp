#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "common/wire/sse_format.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/slow_disk.hpp"
#include "tests/unit/relay/cache/one_environment.hpp"

using namespace fanion;
using namespace fanion::relay::cache;
using fanion::test::env;
using fanion::test::SignedEnvironment;

namespace {

using Rig = fanion::test::OneEnvironment;

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("an accepted ruleset is served, is on disk, and is served again after a restart") {
    Rig rig;
    const auto full = rig.change(true);
    CHECK(rig.relay.apply(env, full) == "");
    CHECK(rig.version() == rig.relay.version(env));
    CHECK(rig.value() == "true");
    CHECK(read(rig.file(rig.environment.version())) == full);
    rig.relay.restart();
    CHECK(rig.value() == "true");
    CHECK_FALSE(rig.relay.synchronised());  // keys may have been made meanwhile
    CHECK(rig.relay.cache().have().at(env) == rig.environment.version());
}

TEST_CASE("a delta is applied, and the disk gets the full form under its own signature") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    const auto full = rig.change(false);
    CHECK(rig.relay.apply(env, rig.environment.delta()) == "");
    CHECK(rig.value() == "false");
    rig.relay.clock.advance(5'000);
    rig.relay.housekeep();
    CHECK(read(rig.file(rig.environment.version())) == full);
    rig.relay.restart();
    CHECK(rig.value() == "false");
}

TEST_CASE("a delta without the full manifest is stored under its own manifest and loaded again") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    rig.change(false);
    CHECK(rig.relay.apply(env, rig.environment.delta_without_hint()) == "");
    CHECK(rig.relay.served(env)->full_head.empty());
    rig.relay.restart();
    CHECK(rig.value() == "false");
    CHECK(rig.relay.apply(env, rig.environment.full()) == "");
    CHECK_FALSE(rig.relay.served(env)->full_head.empty());
}

TEST_CASE("each code of the acceptance table is counted, and what is served stays in service") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    const auto old = rig.environment.full();
    rig.change(true);
    REQUIRE(rig.relay.apply(env, rig.environment.delta()) == "");
    const auto served = rig.relay.version(env);
    auto& e = rig.environment;

    const SignedEnvironment stranger(env);
    SignedEnvironment other("e_2", e);
    other.commit();
    auto twin = e;  // the same version with another content
    twin.put_boolean_flag("f", false);
    twin.set_version({e.version().epoch, e.version().number - 1});

    auto newer = e.manifest(wire::ManifestType::full);
    newer.version.number += 1;
    auto reader = newer;
    reader.min_reader = 99;
    auto wrong_root = newer;
    wrong_root.root = sha256("something else");
    auto broken = e;
    broken.put("flag/f", R"({"key":"f"})");
    auto apart = e;
    apart.commit();
    apart.commit();

    struct Case {
        std::string code;
        std::string bytes;
    };
    const Case cases[] = {
        {"malformed", "rubbish\n"},
        {"bad_signature", stranger.sign(newer, e.item_lines())},
        {"wrong_audience", other.full()},
        {"unsupported", e.sign(reader, e.item_lines())},
        {"rollback", old},
        {"equivocation", twin.commit()},
        {"gap", apart.delta()},
        {"integrity", e.sign(wrong_root, e.item_lines())},
        {"invalid", broken.commit()},
    };
    for (const auto& c : cases) {
        CAPTURE(c.code);
        CHECK(rig.relay.apply(env, c.bytes) == c.code);
        CHECK(rig.relay.version(env) == served);
        CHECK(rig.value() == "true");
    }
    for (std::size_t i = 0; i < wire::nack_count; ++i) {
        const auto code = wire::name_of(static_cast<wire::Nack>(i));
        const bool tried =
            std::any_of(std::begin(cases), std::end(cases), [&](const Case& c) { return c.code == code; });
        CAPTURE(code);
        CHECK(rig.relay.metrics().rejected[i].value() == (tried ? 1 : 0));
    }
    CHECK(rig.relay.report(env).status.state == wire::EnvironmentState::rejected);
    CHECK(rig.relay.report(env).status.code == "invalid");
    CHECK(rig.relay.apply(env, rig.change(false)) == "");
    CHECK(rig.relay.report(env).status.code.empty());
}

TEST_CASE("a document above the limit is too large") {
    Rig rig;
    CHECK(rig.relay.apply(env, std::string(41u * 1024 * 1024, 'x')) == "too_large");
}

TEST_CASE("a replay of an older snapshot after a restart is a rollback") {
    Rig rig;
    const auto old = rig.change(false);
    REQUIRE(rig.relay.apply(env, old) == "");
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    rig.relay.restart();
    CHECK(rig.relay.apply(env, old) == "rollback");
    CHECK(rig.value() == "true");

    SECTION("also when the snapshots are gone and only the floor is left") {
        std::filesystem::remove(rig.file(rig.environment.version()));
        std::filesystem::remove(rig.file({rig.environment.version().epoch, 1}));
        rig.relay.restart();
        CHECK(rig.relay.served(env) == nullptr);
        CHECK(rig.relay.apply(env, old) == "rollback");
        CHECK(rig.relay.apply(env, rig.environment.full()) == "");
    }
    SECTION("also when the floor's file is damaged") {
        std::ofstream(rig.directory / "env/e_1/floor") << "rubbish";
        rig.relay.close_and_restart();
        CHECK(rig.relay.apply(env, old) == "rollback");
    }
}

TEST_CASE("the same document again changes nothing") {
    Rig rig;
    const auto full = rig.change(true);
    REQUIRE(rig.relay.apply(env, full) == "");
    const auto serial = rig.relay.served(env)->serial;
    CHECK(rig.relay.deliver(env, full).outcome == wire::Outcome::unchanged);
    CHECK(rig.relay.served(env)->serial == serial);
    CHECK(rig.relay.metrics().applied.value() == 1);
}

TEST_CASE("of the versions accepted while a write is in progress only the newest is written") {
    Rig rig;
    {
        fanion::test::SlowDisk disk(fanion::test::DiskOperation::sync);
        REQUIRE(rig.relay.deliver(env, rig.change(true)).outcome == wire::Outcome::applied);
        REQUIRE(rig.relay.wait_for_disk(disk));
        for (int i = 0; i < 3; ++i) {
            rig.change(i % 2 == 0);
            REQUIRE(rig.relay.deliver(env, rig.environment.delta()).outcome == wire::Outcome::applied);
        }
        CHECK(rig.relay.served(env) == nullptr);
    }
    rig.relay.settle();
    CHECK(rig.relay.version(env) == rig.version());
    CHECK(rig.relay.metrics().applied.value() == 2);
    CHECK(rig.relay.metrics().coalesced.value() == 2);
    rig.relay.restart();
    CHECK(rig.relay.version(env) == rig.version());
}

TEST_CASE("a ruleset revoked while it is written to disk is never served") {
    Rig rig;
    {
        fanion::test::SlowDisk disk(fanion::test::DiskOperation::sync);
        REQUIRE(rig.relay.deliver(env, rig.change(true)).outcome == wire::Outcome::applied);
        REQUIRE(rig.relay.wait_for_disk(disk));
        const auto revoked = rig.environment.revoked(rig.relay.clock.now());
        CHECK(rig.relay.cache().deliver_head(env, revoked).outcome == wire::Outcome::revoked);
    }
    rig.relay.settle();
    CHECK(rig.relay.served(env) == nullptr);
    CHECK(rig.relay.metrics().applied.value() == 0);
    rig.relay.restart();
    CHECK(rig.relay.served(env) == nullptr);
}

TEST_CASE("an environment is stale once its newest head has expired") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    const auto now = rig.relay.clock.now();
    CHECK(rig.relay.head(env, rig.environment.head(now)) == "");
    rig.relay.clock.advance(60'000);
    rig.relay.housekeep();
    CHECK(rig.relay.report(env).status.state == wire::EnvironmentState::applied);
    rig.relay.clock.advance(1);
    rig.relay.housekeep();
    CHECK(rig.relay.report(env).status.state == wire::EnvironmentState::stale);
    CHECK(rig.value() == "true");

    SECTION("an older head does not make it fresh again") {
        CHECK(rig.relay.head(env, rig.environment.head(now - 1, 600'000)) == "rollback");
        CHECK(rig.relay.report(env).status.state == wire::EnvironmentState::rejected);
        CHECK(rig.relay.report(env).stale_for > 0);
    }
    SECTION("a newer one does") {
        CHECK(rig.relay.head(env, rig.environment.head(rig.relay.clock.now())) == "");
        CHECK(rig.relay.report(env).stale_for == 0);
    }
}

TEST_CASE("a head from the future counts as one of now, and does not shut out those after it") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    const auto now = rig.relay.clock.now();
    REQUIRE(rig.relay.head(env, rig.environment.head(now + 7'200'000)) == "");
    if (GENERATE(false, true)) rig.relay.restart();
    rig.relay.clock.advance(60'000);
    CHECK(rig.relay.report(env).stale_for == 0);
    rig.relay.clock.advance(10);
    CHECK(rig.relay.report(env).stale_for == 10);
    CHECK(rig.relay.head(env, rig.environment.head(now - 1)) == "rollback");
    CHECK(rig.relay.head(env, rig.environment.head(rig.relay.clock.now())) == "");  // the signer's clock was set right
    CHECK(rig.relay.report(env).stale_for == 0);
    CHECK(rig.value() == "true");
}

TEST_CASE("after a restart staleness is derived from the newest verified head") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    const auto now = rig.relay.clock.now();
    REQUIRE(rig.relay.head(env, rig.environment.head(now)) == "");  // until 60 s later
    rig.relay.clock.advance(30'000);
    rig.relay.restart();
    CHECK(rig.relay.report(env).stale_for == 0);
    rig.relay.clock.advance(40'000);
    CHECK(rig.relay.report(env).stale_for == 10'000);
    rig.relay.restart();
    CHECK(rig.relay.report(env).stale_for == 10'000);
    CHECK(rig.value() == "true");

    SECTION("and an older head is rejected") {
        CHECK(rig.relay.head(env, rig.environment.head(now - 1, 600'000)) == "rollback");
        CHECK(rig.relay.report(env).stale_for > 0);
    }
    SECTION("a head on disk that does not verify is ignored") {
        const SignedEnvironment stranger(env);
        auto forged = stranger.sign(rig.environment.manifest(wire::ManifestType::head), "");
        std::ofstream(rig.directory / "env/e_1/head") << forged;
        rig.relay.restart();
        CHECK(rig.relay.report(env).stale_for == 0);  // of this start
        rig.relay.clock.advance(1);
        CHECK(rig.relay.report(env).stale_for == 1);
    }
    SECTION("and a revocation removes it") {
        CHECK(rig.relay.head(env, rig.environment.revoked(rig.relay.clock.now())) == "");
        rig.relay.restart();
        CHECK(rig.relay.passes_revocation_on(env));
    }
}

TEST_CASE("a key that was revoked stays so after a restart without upstream, also when its ruleset comes again") {
    Rig rig;
    rig.environment.put("access/k1", R"({"id":"k1","kind":"server","sha256":")" + std::string(64, 'a') + "\"}");
    const auto with_key = rig.change(true);
    REQUIRE(rig.relay.apply(env, with_key) == "");
    CHECK(rig.relay.served(env)->ruleset->access().size() == 1);
    rig.environment.erase("access/k1");
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    rig.relay.restart();
    CHECK(rig.relay.served(env)->ruleset->access().empty());
    CHECK(rig.relay.apply(env, with_key) == "rollback");
    CHECK(rig.relay.served(env)->ruleset->access().empty());
}

TEST_CASE("an environment without an accepted ruleset leaves nothing on disk") {
    Rig rig;
    CHECK(rig.relay.apply("e_9", "rubbish\n") == "malformed");
    CHECK(rig.relay.apply("../up", rig.change(true)) == "wrong_audience");
    CHECK(rig.relay.cache().report().empty());
    CHECK_FALSE(std::filesystem::exists(rig.directory / "env/e_9"));
}

TEST_CASE("a disk that cannot be written is reported, does not stop the swap, and is used again when it recovers") {
    Rig rig;
    std::filesystem::create_directories(rig.directory / "env");
    std::ofstream(rig.directory / "env/e_1") << "a file where the directory should be: refuses root too";
    CHECK(rig.relay.apply(env, rig.change(true)) == "");
    CHECK(rig.value() == "true");
    CHECK_FALSE(rig.relay.report(env).disk_problem.empty());
    CHECK(rig.relay.metrics().disk_failures.value() == 1);
    CHECK(rig.relay.metrics().disk_ok.value() == 0);

    std::filesystem::remove(rig.directory / "env/e_1");
    rig.relay.clock.advance(10'000);
    rig.relay.housekeep();
    CHECK(rig.relay.report(env).disk_problem.empty());
    CHECK(rig.relay.metrics().disk_ok.value() == 1);
    CHECK(rig.relay.metrics().applied.value() == 1);
    rig.relay.restart();
    CHECK(rig.value() == "true");
}

TEST_CASE("files that are removed under the running relay are noticed and written again") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    rig.relay.housekeep();
    CHECK(rig.relay.metrics().disk_failures.value() == 0);
    std::filesystem::remove_all(rig.directory / "env");
    rig.relay.clock.advance(10'000);
    rig.relay.housekeep();
    CHECK(rig.relay.metrics().disk_failures.value() == 1);
    CHECK(rig.relay.report(env).disk_problem.empty());
    CHECK(rig.relay.metrics().applied.value() == 1);
    rig.relay.restart();
    CHECK(rig.value() == "true");
    CHECK(rig.relay.report(env).floor == rig.environment.version());
}

TEST_CASE("the newest head is kept as it is passed on, also over a restart") {
    Rig one;
    REQUIRE(one.relay.apply(env, one.change(true)).empty());
    CHECK(one.relay.served(env)->signals->head() == nullptr);
    const auto head = one.environment.head(one.relay.clock.now());
    REQUIRE(one.relay.head(env, head).empty());
    const auto expected = wire::format_event(wire::StreamEvent::head, env, one.environment.version(), head);
    const auto kept = one.relay.served(env)->signals->head();
    REQUIRE(kept);
    CHECK(*kept->event == expected);
    CHECK(kept->version == one.environment.version());
    one.relay.restart();
    REQUIRE(one.relay.served(env)->signals->head());
    CHECK(*one.relay.served(env)->signals->head()->event == expected);
}

TEST_CASE("a version has the steps of the deltas that led to it, and none after a full ruleset") {
    Rig one;
    REQUIRE(one.relay.apply(env, one.change(true)).empty());
    CHECK(one.relay.served(env)->steps.empty());
    one.change(false);
    REQUIRE(one.relay.apply(env, one.environment.delta()).empty());
    one.change(true);
    REQUIRE(one.relay.apply(env, one.environment.delta()).empty());
    const auto& steps = one.relay.served(env)->steps;
    REQUIRE(steps.size() == 2);
    CHECK(steps[0]->version == steps[1]->base);
    CHECK(steps[1]->version == one.environment.version());
    REQUIRE(one.relay.apply(env, one.change(false)).empty());
    CHECK(one.relay.served(env)->steps.empty());
}
