#pragma once

// Argon2id on threads of its own, which give way to all others: anybody can cause it, and it must
// not hold up what changes flags. One hash takes 64 MiB and most of a tenth of a second, so only a
// few run at a time, of all callers; when the queue of the others is full, callers get an error.
// Thread-safe.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/error.hpp"
#include "common/net/blocking_pool.hpp"

namespace fanion::cp::identity {

struct PasswordCost {
    unsigned memory_kib = 64 * 1024;
    unsigned passes = 3;  // over the memory: Argon2's time cost
    unsigned lanes = 1;
    std::size_t concurrent = 2;  // hashes computed at the same time: as many threads
    std::size_t queue = 32;      // callers that wait beyond those
};

class Passwords {
public:
    explicit Passwords(PasswordCost cost = {});
    Passwords(const Passwords&) = delete;

    // Argon2id in its encoded form. Error: unavailable when the queue is full.
    boost::asio::awaitable<Result<std::string>> hash(std::string password);
    // Error: unavailable when the queue is full. Without `encoded` it takes the same time and
    // returns false, so that the time does not tell which accounts exist.
    boost::asio::awaitable<Result<bool>> verify(std::optional<std::string> encoded, std::string password);

private:
    // One caller. Its timer belongs to the caller's thread.
    struct Waiter {
        boost::asio::steady_timer timer;
        bool is_admitted = false;
    };
    class Turn;

    enum class Entry { admitted, wait, refused };

    boost::asio::awaitable<bool> enter();  // false: the queue is full
    Entry begin(const std::shared_ptr<Waiter>& waiter);
    bool is_admitted(const std::shared_ptr<Waiter>& waiter);
    void leave();

    PasswordCost cost_;
    net::BlockingPool threads_;  // `concurrent` of them
    std::string decoy_hash_;     // matches no password
    std::mutex mutex_;           // of what follows, and of is_admitted
    std::size_t running_ = 0;
    std::deque<std::shared_ptr<Waiter>> waiting_;  // shared with the coroutine that sleeps on it
};

}  // namespace fanion::cp::identity
