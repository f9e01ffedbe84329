#pragma once

// Starts the relay from other places than its own disk (--bootstrap): a bundle, a bucket, a Redis.
// None of them is trusted: what they have passes the acceptance table like all that upstream sends,
// and nothing below the floor is taken. The rule (docs/relay.md, Start):
//
// 1. What the own disk has is served at once, and upstream is followed at the same time.
// 2. While required data is missing, the places are read in the order given until none is; where
//    nothing is missing, only the first is read, and only after `head_start`.
// 3. That is repeated, after failures with back-off and otherwise every `read_interval`, until
//    upstream has delivered all that it grants. Without an upstream it goes on.
//
// One thread (the control thread); stores are read on a pool of their own.

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/store/document_reader.hpp"
#include "common/wire/bundle.hpp"
#include "common/wire/verdict.hpp"
#include "relay/bootstrap/bootstrap_metrics.hpp"

namespace fanion::relay::bootstrap {

struct BootstrapConfig {
    std::vector<store::Location> places;  // in the order in which they are asked
    store::Access access;
    std::size_t max_bytes = 40u * 1024 * 1024;  // of one document
    std::chrono::milliseconds head_start{10'000};
    std::chrono::milliseconds read_interval{60'000};
};

// What the relay holds, and what becomes of a document. Called on the control thread.
struct BootstrapSink {
    std::function<wire::Have()> held;
    std::function<std::uint64_t()> trust_version;
    std::function<Result<>(std::string_view bytes)> append_trust;
    std::function<boost::asio::awaitable<wire::Verdict>(std::string env_id, std::string bytes)> deliver;
    std::function<bool()> lacks_data;                // a required environment has none
    std::function<bool()> is_delivered;              // upstream has delivered everything
    std::function<std::vector<std::string>()> only;  // environments, ids or org/project/env; empty: all there are
    std::function<void()> on_read;                   // a round has ended without a failure
};

struct BootstrapDeps {
    net::BlockingPool& pool;  // for stores alone
    BootstrapMetrics& metrics;
    const Log& log;
};

class Bootstrap {
public:
    Bootstrap(BootstrapConfig config, BootstrapSink sink, BootstrapDeps deps);

    boost::asio::awaitable<void> run();  // until upstream has delivered, or cancelled

private:
    using Reader = std::shared_ptr<store::DocumentReader>;  // shared with the job on the pool
    struct Place {
        store::Location location;
        std::string problem;  // logged once
    };
    struct Outcome {
        std::uint64_t applied = 0;
        std::uint64_t rejected = 0;
    };

    boost::asio::awaitable<bool> read_places();
    boost::asio::awaitable<bool> read(Place& place);
    boost::asio::awaitable<Result<Outcome>> read_documents(const store::Location& location);
    boost::asio::awaitable<void> take(std::string bytes, store::DocumentReader& reader, Outcome& outcome);
    boost::asio::awaitable<bool> take_snapshot(wire::BundleDocument document, std::string bytes);
    void take_trust(std::uint64_t version, std::string_view bytes, Outcome& outcome);
    bool is_wanted(const wire::BundleDocument& document) const;
    store::DocumentNeeds needs() const;
    void record(Place& place, const Result<Outcome>& outcome);

    BootstrapConfig config_;
    std::vector<Place> places_;
    BootstrapSink sink_;
    BootstrapDeps deps_;
};

}  // namespace fanion::relay::bootstrap
