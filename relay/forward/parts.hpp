#pragma once

// The parts in which a batch is sent after a 413. Pure.
//
// A part is a path of halvings: "" is the whole, "0" its first half, "01" the second half of that.
// Parts are sent from left to right, each with a batch id of its own, so that a delivered part
// stays delivered however the rest is split.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/event_batch.hpp"

namespace fanion::relay::forward {

// One part of the batch, with its own id. `dropped` goes with the first rows. A part of a part is
// one of the whole, whoever divides it.
wire::EventBatch part_of(const wire::EventBatch& batch, std::string_view part);

std::size_t row_count(const wire::EventBatch& batch) noexcept;

// The first half of `part`, to be sent instead of it; empty when it cannot be divided.
std::optional<std::string> first_half(const wire::EventBatch& batch, std::string_view part);
// The part that follows `part`; empty after the last.
std::string next_part(std::string_view part);

}  // namespace fanion::relay::forward
