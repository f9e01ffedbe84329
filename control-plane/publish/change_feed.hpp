#pragma once

// Follows what was committed by any replica, ours included, and hands it on in version order without a gap: by version, never
// by sequence. NOTIFY is a hint; once a second, and after each reconnect, everything is compared. One thread.
//
// Invariants: for one environment on_version() is called with rising versions; a step is only handed on when it leads from
// the version handed on before.

#include <boost/asio/awaitable.hpp>
#include <chrono>
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

namespace fanion::cp::publish {

// How a version follows from the one before.
struct FeedStep {
    wire::Version base;
    std::string document;  // the signed delta: lines 0 and 1 and what changed
};

class FeedSink {
public:
    virtual ~FeedSink() = default;
    // The catalog holds it already. Without a step the whole content is to be fetched anew.
    virtual void on_version(const PublishedPtr& environment, const FeedStep* step) = 0;
    // The environment is gone; the catalog does not hold it any more.
    virtual void on_removed(const PublishedPtr& last) = 0;
};

class ChangeFeed {
public:
    struct Stores {
        db::Pool& pool;
        Catalog& catalog;
        ImageCache& images;
    };

    ChangeFeed(Stores stores, FeedSink& sink, Metrics& metrics, const Log& log)
        : stores_(stores), sink_(sink), metrics_(metrics), log_(log) {}

    // Reads everything once. Throws PgError.
    boost::asio::awaitable<void> scan();

    // Until cancelled. The listener hears changes_channel.
    boost::asio::awaitable<void> run(db::Listener& listener, std::chrono::milliseconds poll = std::chrono::seconds(1));

    // A scan has succeeded since the start: the catalog is fit to be served.
    bool is_primed() const noexcept { return primed_; }

private:
    boost::asio::awaitable<bool> scan_guarded(bool is_poll);
    boost::asio::awaitable<void> follow_notified(access::EnvironmentId env_id);
    boost::asio::awaitable<void> follow(FeedEnvironment place);
    boost::asio::awaitable<bool> follow_batch(FeedEnvironment place, PublishedPtr known);
    boost::asio::awaitable<void> reset_to(FeedEnvironment place);
    void deliver(const FeedEnvironment& place, FeedManifest manifest, std::vector<wire::ItemChange> changes);
    void update_image(const PublishedEnvironment& environment, wire::Version before,
                      const std::vector<wire::ItemChange>& changes);
    void remove_missing(const std::set<access::EnvironmentId>& present);
    void record_poll(const char* what, const std::exception& error);

    Stores stores_;
    FeedSink& sink_;
    Metrics& metrics_;
    const Log& log_;
    bool primed_ = false;
    bool failing_ = false;
};

}  // namespace fanion::cp::publish
