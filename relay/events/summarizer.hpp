#pragma once

// Sums slots' differences into the counts of one batch. Pure. One thread.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/event_batch.hpp"

namespace fanion::relay::events {

class Summarizer {
public:
    // `max_bytes`: limit of the counts' size as JSON, for which an upper bound is computed.
    explicit Summarizer(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    // Adds `n` to the row with these labels (labels.hpp). False when a new row would not fit:
    // nothing was added. The first row always fits.
    bool add(std::string_view labels, std::uint64_t n);

    std::uint64_t evaluations() const noexcept { return evaluations_; }
    bool empty() const noexcept { return rows_.empty(); }
    // In order of the labels' bytes.
    std::vector<wire::CountEvent> take();

private:
    std::size_t max_bytes_;
    std::size_t bytes_ = 0;
    std::uint64_t evaluations_ = 0;
    std::map<std::string, std::uint64_t, std::less<>> rows_;
};

}  // namespace fanion::relay::events
