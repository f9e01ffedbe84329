#pragma once

// Argon2id on the blocking pool, a few at a time: each one takes 64 MiB and most of a tenth of a second. Whoever comes when
// the queue is full is told to try again later, so that sign-ins can never take the whole machine. One thread (the I/O
// thread).

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "common/base/error.hpp"
#include "common/net/blocking_pool.hpp"

namespace fanion::cp::identity {

struct PasswordCost {
    unsigned memory_kib = 64 * 1024;
    unsigned passes = 3;
    unsigned lanes = 1;
    std::size_t concurrent = 2;
    std::size_t queue = 32;
};

class Passwords {
public:
    explicit Passwords(net::BlockingPool& pool, PasswordCost cost = {});
    Passwords(const Passwords&) = delete;

    // Argon2id in its encoded form. Error: unavailable when the queue is full.
    boost::asio::awaitable<Result<std::string>> hash(std::string password);
    // Error: unavailable when the queue is full. Without `encoded` the same time is spent and the answer is no, so that
    // nobody learns from the time which accounts exist.
    boost::asio::awaitable<Result<bool>> verify(std::optional<std::string> encoded, std::string password);

private:
    struct Waiter {
        boost::asio::steady_timer timer;
        bool is_admitted = false;
    };
    class Turn;

    boost::asio::awaitable<bool> enter();  // false: the queue is full
    void leave();

    net::BlockingPool& pool_;
    PasswordCost cost_;
    std::string decoy_hash_;  // a hash that no password has
    std::size_t running_ = 0;
    std::deque<std::shared_ptr<Waiter>> waiting_;  // shared with the coroutine that sleeps on it
};

}  // namespace fanion::cp::identity
