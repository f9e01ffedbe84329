#pragma once

// Answers to requests that no route answers (net::RefusalWriter): unknown paths and methods, what
// is malformed, late or too large, and handlers that threw. On OFREP's paths they have OFREP's
// form, as its clients read no other, and everywhere a page may read them. Function of one worker
// thread.

#include <string_view>

#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::serve {

void write_unrouted(WorkerDeps& services, net::Request& request, net::Response& response, unsigned status,
                    std::string_view detail, std::string_view place = {});

}  // namespace fanion::relay::serve
