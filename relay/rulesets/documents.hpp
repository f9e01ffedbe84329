#pragma once

// The bytes that subscribers are sent: encoded and compressed once for all who ask for the same
// version in the same form, on whichever thread, and kept while they are the newest. Thread-safe.
// Slow work runs on the blocking pool; whoever needs the same meanwhile waits for it.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/compression.hpp"
#include "common/base/lru_cache.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/sse_stream.hpp"
#include "relay/rulesets/encoder.hpp"

namespace fanion::relay::rulesets {

enum class Form : std::uint8_t { document, gzip, zstd, event };

class Documents {
public:
    static constexpr std::size_t most_whole_bytes = 64u * 1024 * 1024;
    static constexpr std::size_t most_step_bytes = 4u * 1024 * 1024;

    // `pool` must outlive this.
    explicit Documents(net::BlockingPool& pool) : pool_(pool) {}

    // The full form of what `state` has. Null if there was no memory for it.
    boost::asio::awaitable<net::SharedBytes> whole(cache::EnvironmentStatePtr state, View view, Form form);
    // The delta of a step of this environment.
    boost::asio::awaitable<net::SharedBytes> step(std::string env_id, std::shared_ptr<const cache::RulesetStep> step,
                                                  View view, Form form);

    // How often something was encoded.
    std::uint64_t made() const;

private:
    struct Made {
        wire::Version version;
        net::SharedBytes bytes;
    };
    // What is being made; its fields are guarded by mutex_.
    struct Making {
        bool is_done = false;
        net::SharedBytes bytes;
        std::vector<std::function<void()>> waiting;  // called once it is done, on any thread
    };
    struct Wanted {
        LruCache<Made>& cache;
        std::string name;
        wire::Version version;
        bool is_small;  // made where it is asked for
        std::function<std::string()> make;
    };

    boost::asio::awaitable<net::SharedBytes> get(Wanted wanted);
    boost::asio::awaitable<void> wait_for(std::shared_ptr<Making> making);
    // Null: the caller is to make it, and to call finish().
    net::SharedBytes find(const Wanted& wanted);
    void finish(const Wanted& wanted, const std::shared_ptr<Making>& making);

    net::BlockingPool& pool_;
    mutable std::mutex mutex_;
    LruCache<Made> wholes_{most_whole_bytes};  // by environment, view and form: only the newest version
    LruCache<Made> steps_{most_step_bytes};
    std::map<std::string, std::shared_ptr<Making>> in_flight_;
    std::uint64_t made_ = 0;
};

}  // namespace fanion::relay::rulesets
