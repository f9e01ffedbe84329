#pragma once

// The handlers of OFREP 0.3.0 (relay-api.md, OFREP) except its event stream. Handlers of one worker
// thread.

#include "relay/serve/route.hpp"

namespace fanion::relay::serve {

// POST /ofrep/v1/evaluate/flags/{key}. The hot path: once buffers have grown, it allocates nothing.
Handled handle_ofrep_single(const Call& call);

// POST /ofrep/v1/evaluate/flags
Handled handle_ofrep_bulk(const Call& call);

// GET /ofrep/v1/configuration, which was removed from the protocol: 404 in the form that clients of
// it can read.
void write_removed_configuration(net::Response& response);

}  // namespace fanion::relay::serve
