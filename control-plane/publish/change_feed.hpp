#pragma once

// Follows what any replica commits, this one included, and delivers it in order of version without
// a gap. NOTIFY is only a hint: once a second, and after each reconnect, the catalog is compared
// with the database. One thread.
//
// Invariants: for one environment on_version() is called with rising versions; a step is only
// delivered when it leads from the version delivered before. A version and whether it is held are
// read in one snapshot, so that a held one is never shown to all; one that was withdrawn or
// replaced meanwhile is shown to nobody.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/listener.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/catalog.hpp"
#include "control-plane/publish/environment_image.hpp"
#include "control-plane/publish/metrics.hpp"
#include "control-plane/publish/stage_store.hpp"

namespace fanion::cp::publish {

// How a version follows from the one before.
struct FeedStep {
    wire::Version base;
    std::string document;  // the signed delta: lines 0 and 1 and what changed
};

class FeedSink {
public:
    virtual ~FeedSink() = default;
    // The catalog holds it already. Without a step the receiver must fetch the whole content. Where
    // the catalog has a holding, it is for viewers to whom the catalog shows it.
    virtual void on_version(const PublishedPtr& environment, const FeedStep* step) = 0;
    // What relays without the label are served is another version now; the catalog has it.
    virtual void on_released(const PublishedPtr& environment) = 0;
    // The environment was deleted; the catalog no longer holds it.
    virtual void on_removed(const PublishedPtr& last) = 0;
};

class ChangeFeed {
public:
    struct Deps {
        db::Pool& pool;
        Catalog& catalog;
        ImageCache& images;
        Metrics& metrics;
        const Log& log;
    };

    ChangeFeed(Deps deps, FeedSink& sink) : deps_(deps), sink_(sink) {}

    // Reads everything once. Throws PgError.
    boost::asio::awaitable<void> scan();

    // Runs until cancelled. `listener` must listen on changes_channel.
    boost::asio::awaitable<void> run(db::Listener& listener, std::chrono::milliseconds poll = std::chrono::seconds(1));

    // Whether a scan has succeeded since the start, so that the catalog can be served. Any thread
    // may ask.
    bool is_primed() const noexcept { return primed_; }

private:
    boost::asio::awaitable<bool> scan_guarded(bool is_poll);
    boost::asio::awaitable<void> follow_notified(access::EnvironmentId env_id);
    boost::asio::awaitable<void> follow(FeedEnvironment place);
    // Versions that were read in one snapshot, with what became of them.
    struct Batch {
        FeedEnvironment place;
        std::vector<FeedManifest> manifests;
        std::vector<FeedChange> changes;
        std::vector<FeedStage> stages;
        std::optional<FeedManifest> base;  // of a held version, unless the catalog has it
    };
    boost::asio::awaitable<std::optional<wire::Version>> follow_batch(FeedEnvironment place, wire::Version after);
    boost::asio::awaitable<void> read_base(db::Transaction& tx, Batch& batch);
    boost::asio::awaitable<void> reset_to(FeedEnvironment place);
    void deliver_all(Batch batch);
    PublishedPtr to_published(const FeedEnvironment& place, FeedManifest& read) const;
    void deliver(const FeedEnvironment& place, FeedManifest manifest, std::vector<wire::ItemChange> changes,
                 const FeedStage* held, PublishedPtr base);
    void deliver_beneath(const FeedEnvironment& place, FeedManifest manifest);
    void note_base_missing(const FeedEnvironment& place);
    void settle(const FeedEnvironment& place, const std::vector<FeedStage>& stages);
    bool differs(const FeedEnvironment& place, const std::set<access::EnvironmentId>& held) const;
    void update_image(const PublishedEnvironment& environment, wire::Version before,
                      const std::vector<wire::ItemChange>& changes);
    void remove_missing(const std::set<access::EnvironmentId>& present);
    void record_failure(const char* what, const std::exception& error);

    Deps deps_;
    FeedSink& sink_;
    std::atomic<bool> primed_{false};
    bool failing_ = false;
};

}  // namespace fanion::cp::publish
