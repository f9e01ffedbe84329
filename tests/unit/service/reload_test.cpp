#include "common/service/reload.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>

#include "common/net/task_group.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;
using boost::asio::awaitable;

namespace {

struct ReloadConfig {
    std::string free = "old";
    std::string fixed = "old";
    LogLevel log_level = LogLevel::info;
};

config::Options reload_options(ReloadConfig& c) {
    config::Options options;
    options.add("free", "").text(c.free).reread();
    options.add("fixed", "").text(c.fixed);
    return options;
}

// A service that reloads: what load() gives next, and what was applied.
struct ReloadRig {
    using Reload = ConfigReload<ReloadConfig>;

    // Raises SIGHUP and runs until `event` is logged.
    void hang_up(const std::string& event) {
        const auto before = log.text().size();
        std::raise(SIGHUP);
        test::run_until(context, [&] { return log.text().find("\"" + event + "\"", before) != std::string::npos; });
    }
    awaitable<Result<>> apply(ReloadConfig config) {
        if (config.free == "bad") co_return Error{Errc::invalid_input, "--free: refused by the service"};
        applied = std::move(config);
        co_return boost::system::in_place_value;
    }
    void give(const std::string& free, const std::string& fixed) {
        next = {};
        next.config = {free, fixed, LogLevel::info};
        next.given = {{"free", free}, {"fixed", fixed}};
    }

    test::CapturedLog log;
    boost::asio::io_context context;
    net::BlockingPool pool{1};
    Reload::Parsed next;
    std::function<void()> on_load = [] {};
    ReloadConfig applied;
    Reload reload{context.get_executor(),
                  {[this] {
                       on_load();
                       return next;
                   },
                   reload_options},
                  {{{"free", "old"}, {"fixed", "old"}}, LogLevel::info},
                  pool,
                  log.log()};
    net::TaskGroup tasks{context.get_executor(), log.log()};

    ReloadRig() {
        tasks.spawn("reload", reload.run([this](ReloadConfig config) { return apply(std::move(config)); }));
    }
    ~ReloadRig() { pool.join(); }
};

}  // namespace

TEST_CASE("a new configuration is applied, and what takes a restart is named") {
    ReloadRig rig;
    rig.give("new", "new");
    rig.hang_up("configuration_reread");
    CHECK(rig.applied.free == "new");
    CHECK(rig.log.has(R"("event":"option_needs_restart","option":"--fixed")"));
    CHECK_FALSE(rig.log.has("--free"));
}

TEST_CASE("mistakes are all logged and nothing is applied") {
    ReloadRig rig;
    rig.give("new", "old");
    rig.next.errors = {"--free: wrong", "--fixed: wrong too"};
    rig.hang_up("configuration_refused");
    CHECK(rig.log.has("--free: wrong"));
    CHECK(rig.log.has("--fixed: wrong too"));
    CHECK(rig.applied.free == "old");
}

TEST_CASE("what the service refuses is logged like a mistake, and the next configuration is applied") {
    ReloadRig rig;
    rig.give("bad", "old");
    rig.hang_up("configuration_refused");
    CHECK(rig.log.has("refused by the service"));
    CHECK_FALSE(rig.log.has("configuration_reread"));
    rig.give("new", "old");
    rig.hang_up("configuration_reread");
    CHECK(rig.applied.free == "new");
}

TEST_CASE("a loader that throws is a refused configuration, and reloading goes on") {
    ReloadRig rig;
    rig.on_load = [] {
        throw std::filesystem::filesystem_error("cannot examine", std::error_code(ELOOP, std::generic_category()));
    };
    rig.hang_up("configuration_refused");
    CHECK(rig.log.has("cannot examine"));
    rig.on_load = [] {};
    rig.give("new", "old");
    rig.hang_up("configuration_reread");
    CHECK(rig.applied.free == "new");
}

TEST_CASE("a stop ends the wait for signals") {
    ReloadRig rig;
    rig.tasks.request_stop();
    CHECK(test::run_coroutine(rig.context, rig.tasks.join(std::chrono::minutes(1))));
    CHECK(rig.tasks.failures() == 0);
}
