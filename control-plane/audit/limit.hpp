#pragma once

// Keeps refused requests from filling the audit log: for each subject (a key, an account, a person
// at a route) one entry a minute is written; the others are suppressed and counted, and the next
// entry gives their number. Thread-safe; time is an input.
//
// Numbered invariants:
// 1. Two entries of a subject are at least a minute apart, even when the clock is set back.
// 2. As long as a subject is remembered, each of its refusals is in an entry or counted for the
//    next one.
// 3. At most `capacity` subjects are remembered. To make room, subjects whose minute is over are
//    forgotten; a subject for which there is still no room is suppressed.

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/base/clock.hpp"

namespace fanion::cp::audit {

inline constexpr UnixMillis audit_limit_interval = 60'000;

class AuditLimit {
public:
    explicit AuditLimit(std::size_t capacity = 10'000) : capacity_(capacity) {}

    // The number suppressed since the subject's last entry, when an entry is due: write one that
    // gives it. None: suppress this.
    std::optional<std::uint64_t> admit(const std::string& subject, UnixMillis now);
    // The entry that admit() allowed could not be written: it counts as suppressed, and the next
    // one is due at once.
    void give_back(const std::string& subject, std::uint64_t suppressed);

private:
    struct Subject {
        std::optional<UnixMillis> written_at;  // none: the entry could not be written
        std::uint64_t suppressed = 0;
    };
    bool make_room(UnixMillis now);

    const std::size_t capacity_;
    std::mutex mutex_;  // of what follows
    std::unordered_map<std::string, Subject> subjects_;
    UnixMillis swept_at_ = 0;  // when subjects were last forgotten
};

}  // namespace fanion::cp::audit
