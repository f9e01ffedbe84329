// What the I/O threads of a control plane share, used by two threads at once.

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "control-plane/audit/limit.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/live/stream_counts.hpp"
#include "control-plane/publish/environment_image.hpp"
#include "control-plane/quotas/limits.hpp"

using namespace fanion;
using namespace fanion::cp;
using boost::asio::awaitable;
using boost::asio::io_context;

namespace {

constexpr int rounds = 2'000;

// Runs `work(0)` and `work(1)` at the same time.
template <class Work>
void on_two_threads(Work work) {
    std::thread first([&] { work(0); });
    std::thread second([&] { work(1); });
    first.join();
    second.join();
}

quotas::Nanoseconds no_time_passes() noexcept { return 1'000'000'000; }

awaitable<void> hash_once(identity::Passwords& passwords, std::atomic<int>& hashed, std::atomic<int>& refused) {
    auto hash = co_await passwords.hash("a password of some length");
    hash ? ++hashed : ++refused;
}

publish::ImagePtr image_of(std::uint64_t number) {
    auto image = std::make_shared<publish::EnvironmentImage>();
    image->version = {1, number};
    return image;
}

}  // namespace

TEST_CASE("two threads take from the same buckets") {
    telemetry::Registry registry;
    quotas::Metrics metrics(registry);
    quotas::LimitsConfig config;
    config.credential = {100, rounds};
    config.quotas.set(quotas::Quota::requests_per_second, rounds / 2);  // two seconds' worth at once
    config.now = no_time_passes;
    quotas::Limits limits(config, metrics);
    const access::OrgId org_id("o_1");
    std::atomic<int> of_credential{0};
    std::atomic<int> of_organisation{0};
    on_two_threads([&](int) {
        for (int i = 0; i < rounds; ++i) {
            if (limits.take_of_credential("token")->is_admitted) ++of_credential;
            if (limits.take_of_organisation(org_id)->is_admitted) ++of_organisation;
            static_cast<void>(limits.used_by_organisation(org_id));
        }
    });
    CHECK(of_credential == rounds);
    CHECK(of_organisation == rounds);
    CHECK(metrics.by_credential.value() == rounds);
    CHECK(limits.used_by_organisation(org_id) == rounds);
}

TEST_CASE("of refusals on two threads one has an entry, and the next one counts the others") {
    audit::AuditLimit limit;
    std::atomic<int> entries{0};
    on_two_threads([&](int thread) {
        for (int i = 0; i < rounds; ++i) {
            if (limit.admit("both", 1'000)) ++entries;
            static_cast<void>(limit.admit(std::to_string(thread * rounds + i), 1'000));
        }
    });
    CHECK(entries == 1);
    CHECK(limit.admit("both", 1'000 + audit::audit_limit_interval) == std::optional<std::uint64_t>(2 * rounds - 1));
}

TEST_CASE("a person's streams are counted on all threads, and those that end make room") {
    live::StreamCounts counts;
    const access::UserId user("u_1");
    std::atomic<int> open{0};
    std::atomic<bool> had_too_many{false};
    on_two_threads([&](int) {
        for (int i = 0; i < rounds; ++i) {
            if (!counts.enter(user, 1)) continue;
            if (++open > 1) had_too_many = true;
            --open;
            counts.leave(user);
        }
    });
    CHECK_FALSE(had_too_many);
    CHECK(counts.enter(user, 1));
    CHECK_FALSE(counts.enter(user, 1));
    CHECK(counts.enter(access::UserId("u_2"), 1));
    CHECK_FALSE(counts.enter(access::UserId("u_3"), 0));
}

TEST_CASE("callers of two threads wait for each other's hashes, and each goes on on its own thread") {
    identity::PasswordCost cost;
    cost.memory_kib = 64;
    cost.passes = 1;
    cost.concurrent = 1;
    cost.queue = 1'000;
    identity::Passwords passwords(cost);
    constexpr int of_a_thread = 100;
    std::atomic<int> hashed{0};
    std::atomic<int> refused{0};
    std::atomic<int> elsewhere{0};
    on_two_threads([&](int) {
        io_context context;
        const auto here = std::this_thread::get_id();
        for (int i = 0; i < of_a_thread; ++i) {
            boost::asio::co_spawn(context, hash_once(passwords, hashed, refused), [&, here](std::exception_ptr thrown) {
                if (thrown || std::this_thread::get_id() != here) ++elsewhere;
            });
        }
        context.run_for(std::chrono::seconds(60));
    });
    CHECK(hashed == 2 * of_a_thread);
    CHECK(refused == 0);
    CHECK(elsewhere == 0);
}

TEST_CASE("the newest image of an environment is kept, whichever thread puts it") {
    publish::ImageCache images;
    const access::EnvironmentId env_id("e_1");
    std::atomic<bool> went_back{false};
    on_two_threads([&](int thread) {
        std::uint64_t seen = 0;
        for (int i = 1; i <= rounds; ++i) {
            images.put(env_id, image_of(static_cast<std::uint64_t>(2 * i + thread)));
            const auto found = images.find(env_id);
            if (found->version.number < seen) went_back = true;
            seen = found->version.number;
        }
    });
    CHECK_FALSE(went_back);
    CHECK(images.find(env_id)->version.number == 2 * rounds + 1);
    images.erase(env_id);
    CHECK(images.find(env_id) == nullptr);
}
