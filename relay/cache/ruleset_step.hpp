#pragma once

// The deltas by which an environment got to its version, as they were signed, so that a subscriber
// that holds an older version can be sent what changed since. A delta is signed for one base: what
// leads over several versions is a chain of them. Pure; CPU work for the blocking pool.
//
// A step also says what becomes of the rules that client keys may have (eval::rules_for_clients()):
// a change of one item may disclose or withhold another, which is then a line of the step although
// it has not changed. Receivers check the root of the result, and a body and its hash lead to the
// same one.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/eval/compile/reach.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::relay::cache {

struct StepLine {
    std::string key;
    wire::StoredItem item;   // after the step; without a body: the item is removed
    bool is_changed = true;  // false: only what client keys may have of it
    bool is_for_clients = false;
};

// Immutable; shared by all versions that it leads to.
struct RulesetStep {
    wire::Version base;
    wire::Version version;
    std::string head;             // the delta's signed lines 0 and 1
    std::vector<StepLine> lines;  // in the order of their keys
    bool has_clients = false;     // is_for_clients is known, because some client key may have rules
    bool withholds = false;       // client keys may no longer have something that they might have before the step
    std::size_t bytes = 0;        // of all that it keeps, about
};
using RulesetSteps = std::vector<std::shared_ptr<const RulesetStep>>;

// What client keys may have of a ruleset; nullopt: no client key may have rules.
using ClientRules = std::optional<eval::Reach>;
ClientRules client_rules_of(const eval::Ruleset& ruleset);
// Whether they may have the item `key` ("flag/new-checkout").
bool has_item(const eval::Reach& rules, std::string_view key);

// One side of a step. References, valid during the call.
struct StepSide {
    wire::Version version;
    const wire::ItemSet& items;
    const ClientRules& client_rules;
};
// `head`: signed lines 0 and 1 of the delta from `base` to `result`.
std::shared_ptr<const RulesetStep> make_step(const StepSide& base, const StepSide& result, std::string head);

// `before` and then `step`, of which the newest are kept: at most 1,000, and no more bytes than the
// whole ruleset has (`ruleset_bytes`, taken for 16 KiB at least and 1 MiB at most), because beyond
// it the whole is the shorter answer.
RulesetSteps extended(const RulesetSteps& before, std::shared_ptr<const RulesetStep> step, std::size_t ruleset_bytes);

}  // namespace fanion::relay::cache
