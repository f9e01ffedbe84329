#pragma once

// Asks an external signer from time to time whether it is there, for metrics and log. A key of this
// process is always there. One thread.

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "control-plane/publish/metrics.hpp"
#include "control-plane/publish/signer.hpp"

namespace fanion::cp::publish {

class SignerWatch {
public:
    // `signer` is what its owner assigns to when keys are replaced, on this thread.
    SignerWatch(const Signer& signer, net::BlockingPool& blocking, Metrics& metrics, const Log& log)
        : signer_(signer), blocking_(blocking), metrics_(metrics), log_(log) {}

    static constexpr std::chrono::seconds pause{1};

    // Asks once. Logs when the signer goes and when it comes back.
    boost::asio::awaitable<void> look();
    // Asks again and again, until cancelled.
    boost::asio::awaitable<void> run();

private:
    const Signer& signer_;
    net::BlockingPool& blocking_;
    Metrics& metrics_;
    const Log& log_;
    bool is_up_ = true;
};

}  // namespace fanion::cp::publish
