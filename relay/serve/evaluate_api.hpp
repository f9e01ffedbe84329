#pragma once

// The handlers of the native form (relay-api.md, Native). Results have the JSON of ruleset.md. A
// request that is refused gets an RFC 9457 problem; a single flag that cannot be evaluated has its
// error in its result, with OFREP's status. Handlers of one worker thread.

#include <string>

#include "relay/serve/route.hpp"

namespace fanion::relay::serve {

// POST /api/v1/evaluate/{key} with {"context": {..}}
Handled handle_evaluate_single(const Call& call);

// POST /api/v1/evaluate with {"flags": [keys], "context": {..}} or {"flags": [keys], "contexts":
// [{..}, ..]}; without `flags`, all flags that the caller may see. Answers {"results": [..]}, or
// {"contexts": [{"results": [..]}, ..]} in the order of the contexts.
Handled handle_evaluate_bulk(const Call& call);

// GET /evaluate/{key}?user_id=alice&plan=pro: query parameters are string attributes, and lists of
// strings where they are given more than once. `user_id` is also the targeting key, unless
// `targetingKey` is given.
Handled handle_evaluate_line(const Call& call);

// POST /api/v1/explain/{key} with {"context": {..}}: the evaluation and the steps that led to it
// (eval/explain/explain.hpp). Not counted as an evaluation.
Handled handle_explain(const Call& call);

// Appends one evaluation. A flag key that is not UTF-8, which JSON cannot hold, is percent-encoded.
void append_result(std::string& out, eval::Evaluation evaluation);

}  // namespace fanion::relay::serve
