#include "common/store/snapshot_publisher.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "common/net/task_group.hpp"
#include "common/wire/backoff.hpp"

namespace fanion::store {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

constexpr auto interval = std::chrono::milliseconds(1'000);        // a burst of changes is one
constexpr auto list_interval = std::chrono::milliseconds(60'000);  // between looks at what is there

}  // namespace

void register_metrics(telemetry::Registry& registry, const PublisherMetrics& metrics) {
    registry.counter("fanion_published_documents_total", "Signed documents that were put where --publish-to says.", {},
                     metrics.puts);
    registry.counter("fanion_publish_failures_total", "Attempts to do so that failed.", {}, metrics.failures);
}

Result<std::unique_ptr<SnapshotPublisher>> SnapshotPublisher::make(const Location& location, const Access& access,
                                                                   SnapshotSource source, PublisherDeps deps) {
    auto store = make_object_store(location, access);
    if (!store) return store.error();
    return std::unique_ptr<SnapshotPublisher>(
        new SnapshotPublisher(location.shown, std::move(*store), std::move(source), deps));
}

SnapshotPublisher::SnapshotPublisher(std::string shown, std::unique_ptr<ObjectStore> store, SnapshotSource source,
                                     PublisherDeps deps)
    : shown_(std::move(shown)), store_(std::move(store)), source_(std::move(source)), deps_(deps) {}

awaitable<void> SnapshotPublisher::run() {
    wire::Backoff backoff;
    std::mt19937 engine{std::random_device{}()};
    std::uniform_real_distribution<> random(0, 1);
    for (;;) {
        auto publishing = publish();
        const auto published = co_await std::move(publishing);
        record(published);
        if (published) backoff.reset();
        if (!published) list_at_ = {};
        const auto pause = published ? interval : std::max(interval, backoff.next(random(engine)));
        if (const bool slept = co_await net::sleep_for(pause); !slept) co_return;
    }
}

void SnapshotPublisher::record(const Result<>& published) {
    if (!published) deps_.metrics.failures.add();
    const auto problem = published ? std::string() : published.error().detail;
    const auto before = std::exchange(problem_, problem);
    if (problem == before) return;
    if (problem.empty()) return deps_.log.info("publish_recovered", {{"to", shown_}});
    deps_.log.warn("publish_failed", {{"to", shown_}, {"error", problem}});
}

awaitable<Result<>> SnapshotPublisher::publish() {
    auto refreshing = refresh_names();
    auto refreshed = co_await std::move(refreshing);
    if (!refreshed) co_return refreshed;
    const auto documents = source_.trust();
    std::set<std::uint64_t> versions;
    for (const auto& [version, bytes] : documents) versions.insert(version);
    const auto changes = wire::missing_documents(stored_, versions, source_.held());
    for (const auto version : changes.trust) {
        auto putting =
            put(wire::trust_object_name(version), std::make_shared<const std::string>(documents.at(version)));
        auto done = co_await std::move(putting);
        if (!done) co_return done;
        stored_.trust.insert(version);
    }
    for (const auto& env_id : changes.environments) {
        auto putting = put_snapshot(env_id);
        auto done = co_await std::move(putting);
        if (!done) co_return done;
    }
    co_return Result<>();
}

awaitable<Result<>> SnapshotPublisher::refresh_names() {
    const auto now = std::chrono::steady_clock::now();
    if (list_at_ != std::chrono::steady_clock::time_point() && now - list_at_ < list_interval) co_return Result<>();
    const std::function<Result<std::vector<std::string>>()> list = [store = store_] { return store->list(); };
    auto listing = deps_.pool.compute(list);
    auto names = co_await std::move(listing);
    if (!names) co_return names.error();
    stored_ = wire::parse_object_names(*names);
    list_at_ = now;
    co_return Result<>();
}

awaitable<Result<>> SnapshotPublisher::put(std::string name, std::shared_ptr<const std::string> bytes) {
    const std::function<Result<>()> work = [store = store_, name, bytes] { return store->put(name, *bytes); };
    auto putting = deps_.pool.compute(work);
    auto done = co_await std::move(putting);
    if (done) deps_.metrics.puts.add();
    co_return done;
}

awaitable<Result<>> SnapshotPublisher::put_snapshot(std::string env_id) {
    auto making = source_.snapshot(env_id);
    const auto bytes = co_await std::move(making);
    const auto document = bytes ? wire::read_bundle_document(*bytes) : Error{Errc::not_found, ""};
    if (!document || document->env_id != env_id) co_return Result<>();  // removed meanwhile
    auto putting = put(wire::snapshot_object_name(env_id, document->version), bytes);
    auto done = co_await std::move(putting);
    if (!done) co_return done;
    auto removing = remove_outdated(env_id, document->version);
    co_await std::move(removing);
    co_return done;
}

// What cannot be removed is in nobody's way, and is tried again with the next snapshot.
awaitable<void> SnapshotPublisher::remove_outdated(std::string env_id, wire::Version put) {
    const auto outdated = wire::outdated_snapshots(stored_, env_id, put);
    auto& versions = stored_.snapshots[env_id];
    versions.insert(put);
    for (const auto version : outdated) {
        const std::function<Result<>()> work = [store = store_, name = wire::snapshot_object_name(env_id, version)] {
            return store->remove(name);
        };
        auto removing = deps_.pool.compute(work);
        const auto done = co_await std::move(removing);
        if (done) versions.erase(version);
    }
}

}  // namespace fanion::store
