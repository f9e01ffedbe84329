#pragma once

// The model from and to JSON (docs/ruleset.md). Pure.
//
// Reading adds findings with JSON pointers to the Reader and continues, so that all faults are
// reported at once; use the result only when no finding was added. Shapes, types and the syntax of
// keys are checked here. References, the order of ranges and the syntax of values (patterns,
// versions, times, networks) are checked by common/eval when a whole ruleset is compiled. Writing
// is compact, with members in the order of docs/ruleset.md, and complete: empty lists and defaults
// are written.
//
// `unknown` says whether unknown members are rejected, as in the admin API, or ignored, as in wire
// formats. Optional members have the defaults of the plain form everywhere. Codes of findings:
// those of json::Reader, and `bad_key`, `bad_range`, `malformed`, `limit` and `duplicate`.

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

// The parts that the admin API reads by themselves.
FlagType read_flag_type(Reader& r, std::string_view member);
std::vector<Variation> read_variations(Reader& r, std::string_view member,
                                       UnknownFields unknown = UnknownFields::refuse);
// The members enabled, off, prerequisites, targets, rules and fallthrough of an object that may
// have others: does not call finish(). `enabled` and `fallthrough` are required. The id of a rule
// without one is empty; the caller assigns it.
FlagConfig read_flag_config(Reader& r, UnknownFields unknown);
// The members included, excluded and rules; does not call finish().
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

// The names in JSON.
std::string_view name_of(FlagType type) noexcept;
std::string_view name_of(Op op) noexcept;
std::string_view name_of(Hash hash) noexcept;
std::string_view name_of(AccessEntry::Kind kind) noexcept;

}  // namespace fanion::model
