#pragma once

// One post: a batch or a part of it, ready for the wire. Private to relay/forward.

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
    std::string body;        // not compressed
    std::string packed;
    std::string whole;  // the batch that a part is of
};

struct Shipper::Reply {
    std::string error;  // no answer came
    unsigned status = 0;
    std::string retry_after;
    bool names_batch = false;
    bool duplicate = false;
};

}  // namespace fanion::relay::forward
