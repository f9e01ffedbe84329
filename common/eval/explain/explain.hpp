#pragma once

// How an evaluation came to its result (docs/explain.md): the interpreter of
// eval/run/interpreter.hpp with a recorder that writes JSON. Not for hot paths: it allocates, and
// parses the JSON of flags and segments again to show conditions as they were written. Thread-safe
// on a shared Ruleset.

#include <string>

#include "common/eval/run/evaluator.hpp"

namespace fanion::eval {

// Appends one JSON object: the members of append_json, then
//   "steps": [..]   in the order of evaluation, each with "step":
//     enabled        holds
//     prerequisite   flag, wanted (variations), enabled, steps (of that flag; absent when its
//                    result was already known), variation, holds
//     target         attribute, value, variation, problem, holds
//     rule           rule (id), when (a condition), holds, serve
//     fallthrough    serve
// A condition is written as in the ruleset, its lists of values cut to 20 (`values_total` then says
// how many there are), with `holds` and, by its kind:
//     attribute      `value`, absent when missing or null, and `problem` ("not a version") when the
//                    operator cannot read it
//     bucket         `unit` (null: missing) and `slot`
//     segments       `segments`: segment, steps (included, excluded, rule; absent when its result
//                    was already known), holds
//   Members of `all` and `any` after the one that decided are omitted.
// serve is {"variation":..} or {"split":{by, salt, hash, unit, slot, range, variation}}: range is
// null when the slot is outside every range, unit when missing, variation when the split yields
// none.
//
// Arguments and result as evaluate(). Throws nothing but std::bad_alloc.
Evaluation explain(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now,
                   std::string& out);

}  // namespace fanion::eval
