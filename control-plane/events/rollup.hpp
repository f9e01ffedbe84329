#pragma once

// Turns a batch of events into rows of one minute. Pure.

#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/wire/event_batch.hpp"
#include "control-plane/events/count.hpp"
#include "control-plane/keys/relay_identity.hpp"

namespace fanion::cp::events {

// Error (unprocessable) with one finding for each event of an environment that the key does not
// grant. Nothing of such a batch may be stored.
Result<> check_batch(const wire::EventBatch& batch, const keys::RelayIdentity& identity);

// A batch counts for the minute in which its window began, or for the present one when that lies in
// the future. Equal labels are summed. The rows are in order of all labels.
std::vector<CountRow> roll_up(const wire::EventBatch& batch, UnixMillis now);

RelayDrops drops_of(const wire::EventBatch& batch);

}  // namespace fanion::cp::events
