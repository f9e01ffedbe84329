#include "relay/bootstrap/bootstrap.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "common/net/task_group.hpp"
#include "common/wire/backoff.hpp"

namespace fanion::relay::bootstrap {

using boost::asio::awaitable;

namespace {

constexpr auto shortest_pause = std::chrono::milliseconds(200);  // between rounds, whatever the back-off draws

}  // namespace

Bootstrap::Bootstrap(BootstrapConfig config, BootstrapSink sink, BootstrapDeps deps)
    : config_(std::move(config)), sink_(std::move(sink)), deps_(deps) {
    for (auto& location : config_.places) places_.push_back({std::move(location), {}});
}

awaitable<void> Bootstrap::run() {
    if (!sink_.lacks_data()) {
        if (const bool slept = co_await net::sleep_for(config_.head_start); !slept) co_return;
    }
    wire::Backoff backoff;
    std::mt19937 engine{std::random_device{}()};
    std::uniform_real_distribution<> random(0, 1);
    while (!sink_.is_delivered()) {
        auto reading = read_places();
        const bool all_read = co_await std::move(reading);
        if (all_read) sink_.on_read();
        const bool is_good = all_read && !sink_.lacks_data();
        if (is_good) backoff.reset();
        const auto pause = is_good ? config_.read_interval : std::max(backoff.next(random(engine)), shortest_pause);
        if (const bool slept = co_await net::sleep_for(pause); !slept) co_return;
    }
}

// True when none of those that were asked failed.
awaitable<bool> Bootstrap::read_places() {
    bool all_read = true;
    for (auto& place : places_) {
        auto reading = read(place);
        const bool was_read = co_await std::move(reading);
        all_read = all_read && was_read;
        if ((was_read && !sink_.lacks_data()) || sink_.is_delivered()) break;
    }
    co_return all_read;
}

awaitable<bool> Bootstrap::read(Place& place) {
    deps_.metrics.reads.add();
    auto reading = read_documents(place.location);
    const auto outcome = co_await std::move(reading);
    record(place, outcome);
    co_return outcome.has_value();
}

void Bootstrap::record(Place& place, const Result<Outcome>& outcome) {
    const auto& shown = place.location.shown;
    const auto problem = outcome ? std::string() : outcome.error().detail;
    const bool is_change = std::exchange(place.problem, problem) != problem;
    if (!outcome) {
        deps_.metrics.failures.add();
        if (is_change) deps_.log.warn("bootstrap_failed", {{"from", shown}, {"error", problem}});
        return;
    }
    if (is_change || outcome->applied > 0 || outcome->rejected > 0)
        deps_.log.info("bootstrap_read",
                       {{"from", shown}, {"applied", outcome->applied}, {"rejected", outcome->rejected}});
}

store::DocumentNeeds Bootstrap::needs() const {
    store::DocumentNeeds needs;
    needs.trust_after = sink_.trust_version();
    needs.held = sink_.held();
    needs.most_bytes = config_.max_bytes;
    const auto only = sink_.only();
    if (std::ranges::all_of(only, [](const std::string& name) { return wire::is_valid_env_id(name); }))
        needs.only = {only.begin(), only.end()};
    return needs;
}

awaitable<Result<Bootstrap::Outcome>> Bootstrap::read_documents(const store::Location& location) {
    using Opened = Result<std::unique_ptr<store::DocumentReader>>;
    const std::function<Opened()> open = [location, access = config_.access, needed = needs()] {
        return store::open_documents(location, access, needed);
    };
    auto opening = deps_.pool.compute(open);
    auto opened = co_await std::move(opening);
    if (!opened) co_return opened.error();
    const Reader reader = std::move(*opened);
    Outcome outcome;
    while (!sink_.is_delivered()) {
        const std::function<Result<std::optional<std::string>>()> next = [reader] { return reader->next(); };
        auto reading = deps_.pool.compute(next);
        auto document = co_await std::move(reading);
        if (!document) co_return document.error();
        if (!*document) break;
        auto taking = take(std::move(**document), *reader, outcome);
        co_await std::move(taking);
    }
    co_return outcome;
}

awaitable<void> Bootstrap::take(std::string bytes, store::DocumentReader& reader, Outcome& outcome) {
    auto document = wire::read_bundle_document(bytes);
    if (!document) {
        ++outcome.rejected;
        deps_.metrics.rejected.add();
        co_return;
    }
    if (document->is_trust()) {
        take_trust(document->trust, bytes, outcome);
        co_return;
    }
    if (!is_wanted(*document)) co_return;
    const auto env_id = document->env_id;
    auto taking = take_snapshot(std::move(*document), std::move(bytes));
    const bool is_applied = co_await std::move(taking);
    if (is_applied) reader.skip_older(env_id);
    ++(is_applied ? outcome.applied : outcome.rejected);
    (is_applied ? deps_.metrics.applied : deps_.metrics.rejected).add();
}

awaitable<bool> Bootstrap::take_snapshot(wire::BundleDocument document, std::string bytes) {
    auto delivering = sink_.deliver(std::move(document.env_id), std::move(bytes));
    const auto verdict = co_await std::move(delivering);
    co_return !verdict.rejection;
}

// Those that follow the one in force; others say nothing new.
void Bootstrap::take_trust(std::uint64_t version, std::string_view bytes, Outcome& outcome) {
    if (version != sink_.trust_version() + 1) return;
    const bool is_applied = sink_.append_trust(bytes).has_value();
    ++(is_applied ? outcome.applied : outcome.rejected);
    (is_applied ? deps_.metrics.applied : deps_.metrics.rejected).add();
}

// A file has every environment, and those that are held already.
bool Bootstrap::is_wanted(const wire::BundleDocument& document) const {
    const auto only = sink_.only();
    const bool is_named = std::ranges::any_of(
        only, [&](const std::string& name) { return name == document.env_id || name == document.place; });
    if (!only.empty() && !is_named) return false;
    const auto held = sink_.held();
    const auto at = held.find(document.env_id);
    return at == held.end() || at->second < document.version;
}

}  // namespace fanion::relay::bootstrap
