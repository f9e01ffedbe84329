#pragma once

// The native form of evaluation (relay-api.md, Native): typed results in the JSON of ruleset.md, many flags and contexts at
// once, and the one-line form. Errors of the request are RFC 9457 problems; those of one flag are in its result, with the
// status of OFREP where it was asked for alone. Handlers of one worker thread.

#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::serve {

// POST /api/v1/evaluate/{key} with {"context": {..}}
void handle_evaluate_single(WorkerDeps& services, net::Request& request, net::Response& response);

// POST /api/v1/evaluate with {"flags": [keys], "context": {..}} or {"flags": [keys], "contexts": [{..}, ..]}; flags left out: all.
// {"results": [..]}, or with contexts {"contexts": [{"results": [..]}, ..]} in their order.
void handle_evaluate_bulk(WorkerDeps& services, net::Request& request, net::Response& response);

// GET /evaluate/{key}?user_id=alice&plan=pro: query parameters are string attributes; `user_id` is the targeting key too where
// no `targetingKey` is given.
void handle_evaluate_line(WorkerDeps& services, net::Request& request, net::Response& response);

// POST /api/v1/explain/{key} with {"context": {..}}, server keys only: the evaluation and every step to it (eval/explain/explain.hpp).
// Not counted as an evaluation.
void handle_explain(WorkerDeps& services, net::Request& request, net::Response& response);

}  // namespace fanion::relay::serve
