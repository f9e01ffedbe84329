#pragma once

// From a batch to rows of one minute. Pure.

#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/wire/event_batch.hpp"
#include "control-plane/events/count.hpp"
#include "control-plane/keys/relay_identity.hpp"

namespace fanion::cp::events {

// What may not be stored, each with its place: environments that the key does not grant, numbers that do not fit, and
// kinds of events that nothing stores. Errc::unprocessable; nothing of such a batch is stored.
Result<> check_batch(const wire::EventBatch& batch, const keys::RelayIdentity& identity);

// A batch belongs to the minute in which its window began; one from the future to the present one. Equal labels are
// summed. In order of all labels.
std::vector<CountRow> roll_up(const wire::EventBatch& batch, UnixMillis now);

RelayDrops drops_of(const wire::EventBatch& batch);

}  // namespace fanion::cp::events
