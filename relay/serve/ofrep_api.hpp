#pragma once

// OFREP 0.3.0 (relay-api.md): single flag and bulk. Handlers of one worker thread.

#include <boost/asio/awaitable.hpp>

#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "common/net/router.hpp"
#include "relay/serve/admission.hpp"
#include "relay/serve/counted_evaluation.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::serve {

// POST /ofrep/v1/evaluate/flags/{key}. The hot path: warm, it allocates nothing.
void handle_ofrep_single(WorkerDeps& services, net::Request& request, net::Response& response);

// POST /ofrep/v1/evaluate/flags. must_wait if the request asks for a version that is not here yet: then the other one
// answers, after up to ServeConfig::version_wait.
net::Attempt handle_ofrep_bulk(WorkerDeps& services, net::Request& request, net::Response& response);
boost::asio::awaitable<net::Response> handle_ofrep_bulk_waiting(WorkerDeps& services, net::Request& request);

// The answers that refuse, in OFREP's shape. `key`: the flag asked for, none for bulk.
void refuse_ofrep(WorkerDeps& services, const net::Request& request, net::Response& response, ServeRoute route,
                  const Admission& admission, std::optional<std::string_view> key);
void refuse_ofrep_body(WorkerDeps& services, const net::Request& request, net::Response& response, ServeRoute route,
                       const Caller& caller, const ContextRead& read, std::optional<std::string_view> key);

}  // namespace fanion::relay::serve
