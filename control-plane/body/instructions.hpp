#pragma once

// The semantic patch: {"comment":"..","instructions":[{"kind":"turn_on"},..]}. Each kind of
// resource has a table of its instructions; apply_instructions() reads the body and applies them in
// their order, all or none. Pure.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::body {

inline constexpr std::size_t max_instructions = 200;

// What an instruction finds wrong with the present state, in contrast to what is wrong with the
// instruction itself: the error is then unprocessable.
namespace refusal {
inline constexpr std::string_view unknown_rule = "unknown_rule";
inline constexpr std::string_view unknown_variation = "unknown_variation";
inline constexpr std::string_view unknown_prerequisite = "unknown_prerequisite";
inline constexpr std::string_view no_such_place = "no_such_place";
inline constexpr std::string_view already_there = "already_there";
inline constexpr std::string_view still_served = "still_served";
}  // namespace refusal

// One kind of instruction. `apply` reads its members, changes the state, and adds findings to the
// reader; after one, the state is dropped.
template <class State>
struct InstructionKind {
    std::string_view name;
    void (*apply)(json::Reader& r, State& state);
};

// The instructions of a body; findings have their pointers, "/instructions/2/..".
struct InstructionList {
    std::vector<json::Reader> readers;
};
// Adds a finding unless there are 1 to max_instructions of them. Takes note of `comment`.
InstructionList read_instructions(json::Reader& body);
// The findings of one instruction as an error: invalid_input, or unprocessable if one of them is a
// refusal.
Error instruction_error(std::vector<Finding> findings);
void add_unknown_kind(json::Reader& r, const std::vector<std::string_view>& known);

template <class State>
void apply_instruction(json::Reader& r, std::span<const InstructionKind<State>> kinds, State& state,
                       const std::vector<Finding>& findings) {
    const auto name = r.string("kind");
    for (const auto& kind : kinds) {
        if (kind.name != name) continue;
        kind.apply(r, state);
        if (findings.empty()) r.finish(json::UnknownFields::refuse);  // otherwise not all members were asked for
        return;
    }
    std::vector<std::string_view> known;
    for (const auto& kind : kinds) known.push_back(kind.name);
    if (has_string(r, "kind")) add_unknown_kind(r, known);
}

// Stops at the first instruction with a finding.
template <class State>
Result<> apply_instructions(json::Value body, std::span<const InstructionKind<State>> kinds, State& state) {
    std::vector<Finding> findings;
    json::Reader r(body, findings);
    auto list = read_instructions(r);
    r.finish(json::UnknownFields::refuse);
    for (auto& instruction : list.readers) {
        if (!findings.empty()) break;
        apply_instruction(instruction, kinds, state, findings);
    }
    if (!findings.empty()) return instruction_error(std::move(findings));
    return boost::system::in_place_value;
}

// -- Members that several instructions have -------------------------------------------------------

// A required text; a finding if it is empty too.
std::string read_name(json::Reader& r, std::string_view member);
// A required list of at least one text.
std::vector<std::string> read_values(json::Reader& r, std::string_view member);

}  // namespace fanion::cp::body
