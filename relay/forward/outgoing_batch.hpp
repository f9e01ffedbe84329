#pragma once

// One request of the Shipper: a batch or a part of it, ready to send, and the reply. Private to
// relay/forward.

#include <memory>
#include <optional>
#include <string>

#include "common/wire/event_batch.hpp"
#include "relay/forward/shipper.hpp"

namespace fanion::relay::forward {

struct Shipper::OutgoingBatch {
    std::string part;  // empty: the whole batch
    std::string id;
    spool::Content content;  // of a part
    std::string body;        // JSON
    std::string compressed;
    std::string whole;  // JSON of the whole batch
};

struct Shipper::Reply {
    std::string error;  // not empty: no answer
    unsigned status = 0;
    std::string retry_after;
    bool names_batch = false;
    bool duplicate = false;
};

}  // namespace fanion::relay::forward
