#include "relay/bootstrap/bootstrap.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "relay/cache/environment_cache.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/signed_environment.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay;
using test::SignedEnvironment;

namespace {

// A cache that starts from places, without an upstream.
class StartRig {
public:
    explicit StartRig(std::string trust, std::string cache_directory)
        : tasks_(context_.get_executor(), log_),
          cache_({.directory = cache_directory, .max_bytes = 1u << 20},
                 cache::TrustChain::open(cache_directory + "/trust", trust).value(),
                 {registry_, pool_, tasks_, clock_, log_, cache_metrics_}) {}
    ~StartRig() {
        tasks_.request_stop();
        context_.restart();
        context_.poll();
        stores_.join();
        pool_.join();
        context_.poll();
    }

    // Until a round has ended without a failure.
    void read(const std::vector<std::string>& places) {
        read_until(places, [this] { return finished_ > 0; });
    }
    void read_until(const std::vector<std::string>& places, const std::function<bool()>& done) {
        bootstrap::BootstrapConfig config;
        for (const auto& place : places) config.places.push_back(store::parse_location(place).value());
        config.max_bytes = 1u << 20;
        bootstraps_.push_back(std::make_unique<bootstrap::Bootstrap>(std::move(config), sink(),
                                                                     bootstrap::BootstrapDeps{stores_, metrics, log_}));
        boost::asio::co_spawn(context_, bootstraps_.back()->run(), boost::asio::detached);
        test::run_until(context_, done);
        delivered_ = true;
    }
    std::string version(const std::string& env_id) const {
        const auto have = cache_.have();
        const auto at = have.find(env_id);
        return at == have.end() ? "" : wire::to_string(at->second);
    }
    void take(const std::string& env_id, const std::string& bytes) {
        const auto verdict = test::run_coroutine(context_, cache_.deliver_ruleset(env_id, bytes));
        REQUIRE_FALSE(verdict.rejection);
    }
    std::uint64_t trust_version() const { return cache_.trust_version(); }

    bootstrap::BootstrapMetrics metrics;
    std::vector<std::string> only;

private:
    bootstrap::BootstrapSink sink() {
        bootstrap::BootstrapSink sink;
        sink.held = [this] { return cache_.have(); };
        sink.trust_version = [this] { return cache_.trust_version(); };
        sink.append_trust = [this](std::string_view bytes) { return cache_.append_trust(bytes); };
        sink.deliver = [this](std::string env_id, std::string bytes) {
            return cache_.deliver_snapshot(std::move(env_id), std::move(bytes));
        };
        sink.lacks_data = [this] { return cache_.have().empty() || finished_ == 0; };
        sink.is_delivered = [this] { return delivered_; };
        sink.only = [this] { return only; };
        sink.on_read = [this] { ++finished_; };
        return sink;
    }

    boost::asio::io_context context_;
    Log log_{2, LogLevel::error};
    ManualClock clock_{SignedEnvironment::start + 10'000};
    net::BlockingPool pool_{2};
    net::BlockingPool stores_{1};
    cache::EnvironmentRegistry registry_{1};
    cache::CacheMetrics cache_metrics_;
    net::TaskGroup tasks_;
    cache::EnvironmentCache cache_;
    std::vector<std::unique_ptr<bootstrap::Bootstrap>> bootstraps_;  // until what they read is over
    std::uint64_t finished_ = 0;
    bool delivered_ = false;
};

struct Places {
    test::TemporaryDirectory directory;
    SignedEnvironment first{"e_1"};
    SignedEnvironment second{"e_2", first};

    StartRig rig() const { return StartRig(first.trust(), directory / "cache"); }
    std::string write(const std::string& name, const std::string& bytes) const {
        const std::filesystem::path path = directory / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
};

}  // namespace

TEST_CASE("a bundle has any number of environments") {
    Places places;
    const auto bundle = places.write("bundle", places.first.trust() + places.first.commit() + places.second.commit());
    auto rig = places.rig();
    rig.read({bundle});
    CHECK(rig.version("e_1") == "1763719200.1");
    CHECK(rig.version("e_2") == "1763719200.1");
    CHECK(rig.metrics.rejected.value() == 0);
}

TEST_CASE("only the environments that are required are taken, where some are") {
    Places places;
    const auto bundle = places.write("bundle", places.first.commit() + places.second.commit());
    auto rig = places.rig();
    rig.only = {"e_2"};
    rig.read({bundle});
    CHECK(rig.version("e_1").empty());
    CHECK_FALSE(rig.version("e_2").empty());
}

TEST_CASE("a folder's newest snapshot that verifies is taken") {
    Places places;
    const auto good = places.first.commit();
    auto altered = places.first.commit();
    altered.back() = ' ';
    places.write("folder/env/e_1/1763719200.1.ruleset", good);
    places.write("folder/env/e_1/1763719200.2.ruleset", altered);
    auto rig = places.rig();
    rig.read({places.directory / "folder"});
    CHECK(rig.version("e_1") == "1763719200.1");
    CHECK(rig.metrics.applied.value() == 1);
    CHECK(rig.metrics.rejected.value() == 1);
}

TEST_CASE("what is below the floor does not come back") {
    Places places;
    const auto old = places.first.commit();
    const auto bundle = places.write("bundle", old + places.second.commit());
    auto rig = places.rig();
    rig.take("e_1", places.first.commit());
    rig.read({bundle});
    CHECK(rig.version("e_1") == "1763719200.2");
    CHECK_FALSE(rig.version("e_2").empty());
}

TEST_CASE("what others signed is refused, and the next place is asked") {
    Places places;
    SignedEnvironment stranger("e_1");
    const auto theirs = places.write("theirs", stranger.trust() + stranger.commit());
    const auto ours = places.write("ours", places.first.commit());
    auto rig = places.rig();
    rig.read({theirs, ours});
    CHECK(rig.version("e_1") == "1763719200.1");
    CHECK(rig.metrics.reads.value() == 2);
    CHECK(rig.metrics.rejected.value() == 1);
}

TEST_CASE("a place that fails is passed over") {
    Places places;
    const auto endless = places.write("endless", "{" + std::string(2u << 20, 'x'));
    const auto rubbish = places.write("rubbish", "<html></html>\n");
    const auto ours = places.write("ours", places.first.commit());
    auto rig = places.rig();
    rig.read_until({places.directory / "nothing", endless, rubbish, ours},
                   [&rig] { return !rig.version("e_1").empty(); });
    CHECK(rig.metrics.failures.value() == 3);
}
