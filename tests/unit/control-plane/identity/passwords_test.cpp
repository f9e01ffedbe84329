#include "control-plane/identity/passwords.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using boost::asio::awaitable;
using cp::identity::PasswordCost;
using cp::identity::Passwords;

namespace {

PasswordCost cheap() {
    PasswordCost cost;
    cost.memory_kib = 64;
    cost.passes = 1;
    return cost;
}

awaitable<void> count_refusals(Passwords& passwords, int& done, int& refused) {
    auto hash = co_await passwords.hash("a password of some length");
    ++done;
    if (!hash) {
        CHECK(hash.error().code == Errc::unavailable);
        ++refused;
    }
}

}  // namespace

TEST_CASE("a hash is Argon2id with the cost in force and matches its password only") {
    boost::asio::io_context context;
    Passwords passwords(cheap());
    const auto hash = test::run_coroutine(context, passwords.hash("a password of some length"));
    REQUIRE(hash);
    CHECK(hash->starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    CHECK(*test::run_coroutine(context, passwords.verify(*hash, "a password of some length")));
    CHECK_FALSE(*test::run_coroutine(context, passwords.verify(*hash, "another password")));
    CHECK(*hash != *test::run_coroutine(context, passwords.hash("a password of some length")));
}

TEST_CASE("by default a hash takes 64 MiB and three passes") {
    const PasswordCost cost;
    CHECK(cost.memory_kib == 64 * 1024);
    CHECK(cost.passes == 3);
    CHECK(cost.lanes == 1);
}

TEST_CASE("without an account the answer is no, after the same work") {
    boost::asio::io_context context;
    Passwords passwords(cheap());
    const auto none = test::run_coroutine(context, passwords.verify(std::nullopt, "a password of some length"));
    REQUIRE(none);
    CHECK_FALSE(*none);
}

TEST_CASE("who comes when the queue is full is told to come again, and all others are served") {
    boost::asio::io_context context;
    auto cost = cheap();
    cost.concurrent = 1;
    cost.queue = 3;
    Passwords passwords(cost);
    int done = 0;
    int refused = 0;
    for (int i = 0; i < 10; ++i) {
        boost::asio::co_spawn(context, count_refusals(passwords, done, refused), [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    }
    test::run_until(context, [&] { return done == 10; });
    CHECK(refused == 6);
    CHECK(test::run_coroutine(context, passwords.hash("a password of some length")));
}
