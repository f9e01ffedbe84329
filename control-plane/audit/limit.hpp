#pragma once

// Keeps the audit log from being filled by those who are refused: of each subject (a key, an account, a person at a route) one
// entry a minute is written, the others are counted, and the next entry says how many they were. One thread; time is an input.
//
// Numbered invariants:
// 1. Between two entries of a subject lies a minute, however the clock is set back.
// 2. What was refused of a subject is in an entry or counted for its next one, as long as the subject is remembered.
// 3. At most `capacity` subjects are remembered. When they are too many those are forgotten whose minute is over; a subject for
//    which there is still no place is left out.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/base/clock.hpp"

namespace fanion::cp::audit {

inline constexpr UnixMillis audit_limit_interval = 60'000;

class AuditLimit {
public:
    explicit AuditLimit(std::size_t capacity = 10'000) : capacity_(capacity) {}

    // How many of this subject were left out since its last entry: write one now that says so. Nothing: this one is left out.
    std::optional<std::uint64_t> admit(const std::string& subject, UnixMillis now);
    // The entry that admit() allowed was not written: it counts as left out, and the next one may be written at once.
    void give_back(const std::string& subject, std::uint64_t suppressed);

private:
    struct Subject {
        std::optional<UnixMillis> written_at;  // none: its entry failed
        std::uint64_t suppressed = 0;
    };
    bool make_room(UnixMillis now);

    std::size_t capacity_;
    std::unordered_map<std::string, Subject> subjects_;
    UnixMillis swept_at_ = 0;  // when room was last looked for
};

}  // namespace fanion::cp::audit
