#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include "common/net/task_group.hpp"
#include "tests/integration/control-plane/publish/installation.hpp"

using namespace fanion;
using namespace fanion::cp::publish;
using namespace fanion::test;
using namespace std::chrono_literals;
using cp::access::EnvironmentId;

namespace {

// Runs the feed in the background while the test changes things.
struct Following : Installation {
    Following() { tasks.spawn("feed", feed.run(listener, 200ms)); }
    ~Following() {
        tasks.request_stop();
        run(tasks.join(5s));
    }
    cp::db::Listener listener{context.get_executor(), app_config(), {cp::publish::changes_channel}, log};
    net::TaskGroup tasks{context.get_executor(), log};
};

// Versions increase by one, and each delta starts from the previous version.
void is_gap_free(const Recorder& seen, std::string_view env_id) {
    wire::Version last{};
    for (const auto& version : seen.versions) {
        if (version.env_id != env_id) continue;
        if (last.number > 0) {
            CHECK(version.version.number == last.number + 1);
            REQUIRE(version.step);
            CHECK(version.step->base == last);
        }
        last = version.version;
    }
}

}  // namespace

TEST_CASE_METHOD(Installation, "a feed starts with the newest version and then delivers each one with its delta") {
    put("a", "on");
    put("b", "on");
    run(feed.scan());
    REQUIRE(seen.versions.size() == 1);
    CHECK_FALSE(seen.versions[0].step);
    Receiver receiver(signer.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    put("a", "off");
    put("c", "on");
    change(publisher, {{"flag/b", nullptr}});
    run(feed.scan());
    REQUIRE(seen.versions.size() == 4);
    is_gap_free(seen, "e_1");
    for (std::size_t i = 1; i < 4; ++i) CHECK(receiver.take(seen.versions[i].step->document).empty());
    CHECK(receiver.version().number == 5);
    run(feed.scan());
    CHECK(seen.versions.size() == 4);
}

TEST_CASE_METHOD(Installation, "a feed keeps the content of another replica's changes up to date") {
    ImageCache other_images;
    Publisher other(other_images, signer, blocking, clock, publish_metrics, first_epoch);
    put("a", "on");
    run(feed.scan());
    run(source.full(catalog.find(EnvironmentId("e_1"))));
    const auto loads = publish_metrics.image_loads.value();
    REQUIRE(change(other, {flag("a", "off")}));
    run(feed.scan());
    const auto loads_by_other = publish_metrics.image_loads.value();
    CHECK(loads_by_other == loads + 1);
    Receiver receiver(signer.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    CHECK(receiver.version().number == 2);
    CHECK(publish_metrics.image_loads.value() == loads_by_other);
}

TEST_CASE_METHOD(Following, "a change is found through its notification") {
    run_until([&] { return listener.is_connected() && feed.is_primed(); });
    put("a", "on");
    put("a", "off");
    put("b", "on");
    run_until([&] { return seen.count("e_1") > 0 && catalog.find(EnvironmentId("e_1"))->version().number == 3; });
    is_gap_free(seen, "e_1");
}

TEST_CASE_METHOD(Following, "polling finds a change whose notification was lost") {
    run_until([&] { return listener.is_connected() && feed.is_primed(); });
    put("a", "on");
    run_until([&] { return seen.count("e_1") == 1; });
    sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = "
        "current_database() AND pid <> pg_backend_pid()");
    put("a", "off");
    run_until([&] { return seen.count("e_1") == 2; });
    is_gap_free(seen, "e_1");
}

TEST_CASE_METHOD(Following, "an environment that is deleted is reported once") {
    run_until([&] { return feed.is_primed(); });
    put("a", "on");
    run_until([&] { return seen.count("e_1") == 1; });
    sql("DELETE FROM fanion.environments WHERE env_id = 'e_1'");
    run_until([&] { return !seen.removed.empty(); });
    CHECK(seen.removed == std::vector<std::string>{"e_1"});
    CHECK_FALSE(catalog.find(EnvironmentId("e_1")));
}

namespace {

awaitable<void> publish_many(Installation& at, cp::publish::RulesetPublisher& sink, std::string key, int times,
                             int& left) {
    for (int i = 0; i < times; ++i) {
        std::vector<wire::ItemChange> changes{flag(key, i % 2 == 0 ? "on" : "off")};
        auto published = co_await at.publish(sink, "o_1", "p_1", "production", std::move(changes), true);
        if (!published) throw std::runtime_error(describe(published.error()));
    }
    --left;
}

}  // namespace

TEST_CASE_METHOD(Following, "with concurrent writers on two replicas, no version is lost, duplicated or out of order") {
    run_until([&] { return listener.is_connected() && feed.is_primed(); });
    ImageCache other_images;
    Publisher other(other_images, signer, blocking, clock, publish_metrics, first_epoch);
    int left = 3;
    net::TaskGroup writers(context.get_executor(), log);
    writers.spawn("a", publish_many(*this, publisher, "a", 20, left));
    writers.spawn("b", publish_many(*this, other, "b", 20, left));
    writers.spawn("c", publish_many(*this, publisher, "c", 20, left));
    run_until([&] { return left == 0; }, 60s);
    run_until([&] {
        return catalog.find(EnvironmentId("e_1")) && catalog.find(EnvironmentId("e_1"))->version().number == 60;
    });
    is_gap_free(seen, "e_1");
    Receiver receiver(signer.trust().newest());
    CHECK(receiver.take(*run(source.full(catalog.find(EnvironmentId("e_1")))).bytes).empty());
    CHECK(receiver.held->items.size() == 4);
}
