#pragma once

// What the database is known to have noted about answers and callers, so that each note is written
// once a minute and not with every batch. May forget at any time. One thread.

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/events/arrivals.hpp"

namespace fanion::cp::events {

class Noted {
public:
    // Of that many notes, about 200 bytes each, all are forgotten.
    explicit Noted(std::size_t most = 100'000) : most_(most) {}

    // Those that the database may not have.
    std::vector<AnswerNote> unknown(const std::vector<AnswerNote>& notes) const;
    std::vector<CallerNote> unknown(const std::vector<CallerNote>& notes) const;

    // After the commit.
    void add(const std::vector<AnswerNote>& notes);
    void add(const std::vector<CallerNote>& notes);

private:
    struct Span {
        UnixMillis first = 0;
        UnixMillis last = 0;
    };
    void make_room(std::size_t more);

    std::size_t most_;
    std::unordered_map<std::string, Span> answers_;  // by all labels
    std::unordered_map<std::string, UnixMillis> callers_;
};

}  // namespace fanion::cp::events
