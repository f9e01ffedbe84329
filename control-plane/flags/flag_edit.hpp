#pragma once

// Edits of flags as pure functions: a request's body and the present state give the new state, or
// findings with pointers into the body. What needs the whole environment (references, cycles,
// ranges) is found when the ruleset is compiled.
//
// A body is edited as a tree. From body to commit, a PUT of a configuration parses JSON once (the
// body) and writes it four times: the audit entry's before and after, the stored configuration, the
// ruleset's item. A PATCH also parses the text of `before`, which it merges into. The response is
// the text of `after`. A condition written as text adds one write and one parse of itself. Not
// counted: rows read from the database, and compiling the ruleset.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/tree.hpp"
#include "control-plane/flags/flag.hpp"
#include "control-plane/items/item_body.hpp"

namespace fanion::cp::flags {

using MakeId = std::function<std::string()>;  // ids for rules that come without one
std::string make_rule_id();                   // "r-" and random characters: the MakeId of the routes

// POST: a new flag, with configurations for the environments it names and the default for all
// others.
struct NewFlag {
    FlagDefinition definition;
    std::vector<FlagEnvironment> environments;  // one per key of `environment_keys`, in that order
};
Result<NewFlag> create_flag(json::Value body, const std::vector<std::string>& environment_keys, const MakeId& make_id,
                            UnixMillis now);

// The edits below leave version and dates as they are: the result equals `present` when nothing
// changes. `present_json` is to_json() of `present`.

// PUT: `body` replaces the definition. Members that are fixed (key, type, salt) may be sent back
// unchanged and are refused otherwise; derived ones (version, dates) are ignored, so that an older
// state can be put back.
Result<FlagDefinition> replace_definition(const FlagDefinition& present, json::Value body);
// PATCH with a merge patch (RFC 7396). `archived` is one of the members. Derived members that it
// names must be unchanged.
Result<FlagDefinition> patch_definition(const FlagDefinition& present, std::string_view present_json,
                                        json::Value patch);

// The same for a configuration. A PUT ignores `flag` and `environment` too, so that what GET gave
// for another environment can be put here. In a patch `variation` and `split` of the fallthrough
// replace each other, and null for `off` means null.
Result<FlagEnvironment> replace_config(const FlagDefinition& definition, const FlagEnvironment& present,
                                       json::Value body, const MakeId& make_id);
Result<FlagEnvironment> patch_config(const FlagDefinition& definition, const FlagEnvironment& present,
                                     std::string_view present_json, json::Value patch, const MakeId& make_id);

// The edited resource as a whole: what PUT, and each form of PATCH, comes to. `body` may have
// conditions as text and weights.
Result<FlagDefinition> edited_definition(const FlagDefinition& present, json::Value body,
                                         items::DerivedMembers derived);
Result<FlagEnvironment> edited_config(const FlagDefinition& definition, const FlagEnvironment& present, json::Tree body,
                                      items::DerivedMembers derived, const MakeId& make_id);

// Rules without an id keep the one of the same rule in `present`, else get a new one.
void assign_rule_ids(model::FlagConfig& config, const model::FlagConfig& present, const MakeId& make_id);

// False when a change from one to the other reaches evaluators.
bool same_for_evaluators(const FlagDefinition& a, const FlagDefinition& b);

}  // namespace fanion::cp::flags
