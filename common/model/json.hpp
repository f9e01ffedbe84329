#pragma once

// The model from and to JSON (ruleset.md). Reading collects findings with pointers in the Reader and goes on, so the result
// is only to be used when no finding was added. Shapes, types and key syntax are checked here; references, ranges and
// parsable values are checked by common/eval when the whole is compiled. Writing is compact, members in the order of
// ruleset.md, and always complete (lists even when empty).
//
// Unknown fields are refused or ignored as `unknown` says: the admin API refuses, wire formats ignore.
// The plain form's defaults of ruleset.md hold everywhere; what we write is complete.
// Findings' codes: json::Reader's, and `bad_key`, `bad_range`, `malformed`, `limit`.

#include <string>
#include <string_view>

#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "common/model/flag.hpp"

namespace fanion::model {

using json::Reader;
using json::UnknownFields;
using json::Writer;

Flag read_flag(Reader& r, UnknownFields unknown);
Segment read_segment(Reader& r, UnknownFields unknown);
AccessEntry read_access(Reader& r, UnknownFields unknown);
EnvironmentInfo read_environment(Reader& r, UnknownFields unknown);

// The parts the admin API speaks one at a time.
FlagType read_flag_type(Reader& r, std::string_view member);
std::vector<Variation> read_variations(Reader& r, std::string_view member,
                                       UnknownFields unknown = UnknownFields::refuse);
// enabled, off, prerequisites, targets, rules, fallthrough from an object that may hold other members too (does not call
// finish). Rules without an id are given one by the caller; `fallthrough` is required.
FlagConfig read_flag_config(Reader& r, UnknownFields unknown);
// included, excluded, rules.
Segment read_segment_body(Reader& r, UnknownFields unknown);
Condition read_condition(Reader& r, UnknownFields unknown);
Serve read_serve(Reader& r, UnknownFields unknown);

void write_flag(Writer& w, const Flag& flag);
void write_segment(Writer& w, const Segment& segment);
void write_access(Writer& w, const AccessEntry& entry);
void write_environment(Writer& w, const EnvironmentInfo& info);
void write_flag_config_members(Writer& w, const FlagConfig& config);  // members only, no braces
void write_segment_body_members(Writer& w, const Segment& segment);
void write_condition(Writer& w, const Condition& condition);
void write_serve(Writer& w, const Serve& serve);
void write_variations(Writer& w, const std::vector<Variation>& variations);

std::string_view name_of(FlagType type) noexcept;
std::string_view name_of(Op op) noexcept;
std::string_view name_of(Hash hash) noexcept;
std::string_view name_of(AccessEntry::Kind kind) noexcept;

}  // namespace fanion::model
