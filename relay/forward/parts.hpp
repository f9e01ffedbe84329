#pragma once

// Sending a batch in parts after a 413. Pure.
//
// A part is a path of halvings: "" is the whole, "0" its first half, "01" the second half of that. Parts are sent from left
// to right, each with a batch id of its own, so that a part which was delivered stays delivered however the rest is cut.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/event_batch.hpp"

namespace fanion::relay::forward {

std::string part_id(std::string_view batch_id, std::string_view part);

// The rows of one part; `batch` and `dropped` are right for it. "0" for the first part of "", and so on; `dropped` goes
// with the very first rows.
wire::EventBatch part_of(const wire::EventBatch& batch, std::string_view part);

std::size_t row_count(const wire::EventBatch& batch) noexcept;

// The part to send instead of `part`; nothing when `part` is one row or none and cannot be cut.
std::optional<std::string> first_half(const wire::EventBatch& batch, std::string_view part);
// What comes after `part`; empty when it was the last.
std::string next_part(std::string_view part);

}  // namespace fanion::relay::forward
