#pragma once

// Writes the successors of the operator's trust document. What an environment writes may be signed
// by a key that only the newest of them names, and verifies after a restart only if that one is on
// disk: whoever writes something signed awaits store() first.
//
// One thread (the control thread), which never waits for the disk. Must outlive the task group's
// tasks.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/task_group.hpp"
#include "common/net/turns.hpp"
#include "relay/cache/cache_metrics.hpp"
#include "relay/cache/trust_chain.hpp"

namespace fanion::relay::cache {

struct TrustWriterDeps {
    net::BlockingPool& pool;
    net::TaskGroup& tasks;
    const Log& log;
    CacheMetrics& metrics;
};

class TrustWriter {
public:
    TrustWriter(std::string directory, TrustWriterDeps deps) : directory_(std::move(directory)), deps_(deps) {}
    TrustWriter(const TrustWriter&) = delete;

    // Starts to write these, which the disk may lack, and those whose write failed.
    void write(const TrustChain::Successors& documents);
    // The chain was replaced by one with these successors, and none of another has to be written
    // any more.
    void write_all(const TrustChain::Successors& chain);
    // Whether its write is in progress or has failed.
    bool is_pending(std::uint64_t version) const { return pending_.contains(version); }

    // Returns when all are on disk, or with the failure of the first that is not. A failure while
    // the caller waited for its turn is the caller's too.
    boost::asio::awaitable<Result<>> store();

private:
    boost::asio::awaitable<void> run();
    void note(std::uint64_t version, const Result<>& written);

    std::string directory_;
    TrustWriterDeps deps_;
    TrustChain::Successors pending_;
    net::Turns turns_;
    Result<> last_;               // of the last write
    std::uint64_t failures_ = 0;  // of writes
};

}  // namespace fanion::relay::cache
