#pragma once

// What else of the machine is simulated: machine.cpp replaces, in the whole test program,
//
//   the steady clock and asio's waiting    timers fire when the simulated time has come; nothing waits
//   random numbers of the system           drawn from the seed
//   Ed25519 of OpenSSL                     a hash of the public key and the message: 64 bytes in a microsecond.
//                                          Whoever knows a public key could forge it, and nothing here does
//   net::BlockingPool                      its work is done by the caller's thread, at the caller's next turn
//
// so that a run depends on its seed only, and a second of it takes less than a millisecond.

#include <cstdint>
#include <random>

#include "common/base/clock.hpp"

namespace fanion::test {

class Machine final : public Clock {
public:
    static constexpr UnixMillis start = 1'763'720'000'000;

    explicit Machine(std::uint64_t seed);
    ~Machine() override;
    Machine(const Machine&) = delete;

    UnixMillis now() const noexcept override { return start + millis_; }
    void advance(UnixMillis by) { millis_ += by; }
    UnixMillis elapsed() const noexcept { return millis_; }

    std::mt19937_64& random() noexcept { return random_; }
    bool chance(unsigned percent) { return random_() % 100 < percent; }
    std::uint64_t below(std::uint64_t end) { return random_() % end; }

private:
    UnixMillis millis_ = 0;
    std::mt19937_64 random_;
};

}  // namespace fanion::test
