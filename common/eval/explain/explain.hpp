#pragma once

// How an evaluation came to its answer: the same walk (eval/run/interpreter.hpp) with a recorder that writes. Not for hot paths: it
// allocates, and reads the flag's own JSON again to show conditions as they were written. Thread-safe on a shared Ruleset.

#include <string>

#include "common/eval/run/evaluator.hpp"

namespace fanion::eval {

// Appends one JSON object: the members of append_json, then
//   "steps": [..]   in the order they were taken, each with "step":
//     enabled        holds
//     prerequisite   flag, wanted (variations), steps (of that flag; absent when its result was known already), variation, holds
//     target         attribute, value, variation, holds
//     rule           rule (id), when (a condition), holds, serve
//     fallthrough    serve
// A condition is written as in the ruleset, lists of values cut to 20 (`values_total` then says how many there are), with
//   `holds`, and: the attribute's `value` (absent when missing or null); `unit` and `slot` of a bucket (unit null: missing);
//   for segments `segments`: segment, steps (included, excluded, rule; absent when known already), holds.
//   Members of `all` and `any` that were not needed any more are left out.
// serve is {"variation":..} or {"split":{by, salt, hash, unit, slot, range, variation}}: range null when outside every range,
//   unit null when missing, variation null when it yields none.
// Returns what evaluate() returns. Throws nothing but std::bad_alloc.
Evaluation explain(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now,
                   std::string& out);

}  // namespace fanion::eval
