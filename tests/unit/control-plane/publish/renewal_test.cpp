#include "control-plane/publish/renewal.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

#include "control-plane/db/error.hpp"
#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion;
using namespace fanion::cp::publish;
using boost::asio::awaitable;
using std::chrono::hours;
using std::chrono::milliseconds;

// Each pass does the next of `steps`; after them it succeeds.
struct Passes {
    boost::asio::io_context context;
    net::TaskGroup tasks{context.get_executor(), Log()};
    std::vector<std::function<void()>> steps;
    std::size_t begun = 0;
    Renewal renewal;

    explicit Passes(milliseconds pause)
        : renewal(
              tasks, Log(), [this] { return pass(); }, pause) {}

    awaitable<void> pass() {
        const auto step = begun++;
        co_await net::sleep_for(milliseconds(1));
        if (step < steps.size()) steps[step]();
    }
    void run_to_end() {
        test::run_until(context, [&] { return tasks.size() == 0; });
    }
};

TEST_CASE("a renewal is repeated whatever it throws, and once more for each request that came meanwhile") {
    Passes passes(milliseconds(1));
    passes.steps = {
        [] { throw std::logic_error("a bug"); },
        [] { throw cp::db::PgError(cp::db::PgError::Kind::unavailable, "no connection"); },
        [] { throw std::bad_alloc(); },
        [] { throw boost::system::system_error(boost::asio::error::operation_aborted); },
        [&] { passes.renewal.request(); },
    };
    passes.renewal.request();
    passes.run_to_end();
    CHECK(passes.begun == 6);
    CHECK(passes.tasks.failures() == 0);
}

TEST_CASE("a renewal that has ended begins again when it is requested") {
    Passes passes(milliseconds(1));
    passes.renewal.request();
    passes.run_to_end();
    passes.renewal.request();
    passes.run_to_end();
    CHECK(passes.begun == 2);
}

TEST_CASE("a stop ends a renewal that waits to be repeated") {
    Passes passes(hours(1));
    passes.steps = {[] { throw std::logic_error("a bug"); }};
    passes.renewal.request();
    test::run_until(passes.context, [&] { return passes.begun == 1; });
    passes.tasks.request_stop();
    passes.run_to_end();
    CHECK(passes.begun == 1);
    CHECK(passes.tasks.failures() == 0);
}

}  // namespace
