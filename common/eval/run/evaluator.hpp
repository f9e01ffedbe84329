#pragma once

// Evaluation (ruleset.md, Evaluation): pure, no allocation, no exception, no lock. Thread-safe on a shared Ruleset.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

// OpenFeature's words.
enum class Reason : std::uint8_t { static_value, default_value, targeting_match, split, disabled, error };
enum class ErrorCode : std::uint8_t { none, flag_not_found, invalid_context, targeting_key_missing };

std::string_view name_of(
    Reason reason) noexcept;  // "STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED", "ERROR"
std::string_view name_of(ErrorCode error) noexcept;  // "FLAG_NOT_FOUND", ..; "" for none

// Views point into the ruleset (flag: into the caller's key when not found) and live as long.
struct Evaluation {
    std::string_view flag;
    std::size_t flag_index = Ruleset::npos;
    std::size_t variation_index = Ruleset::npos;  // npos: the caller's own default
    std::string_view variation;
    std::string_view value;  // compact JSON; empty: the caller's own default
    Reason reason = Reason::error;
    ErrorCode error = ErrorCode::none;
    std::string_view rule;          // rule id where a rule served
    std::string_view prerequisite;  // the flag whose failing decided
    std::uint64_t version = 0;

    bool has_value() const noexcept { return variation_index != Ruleset::npos; }
};

// `context` is the parsed context, or an empty Value for "none given" (an empty object). A context that is not an object:
// INVALID_CONTEXT.
Evaluation evaluate(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now) noexcept;
Evaluation evaluate(const Ruleset& ruleset, std::size_t flag_index, json::Value context, UnixMillis now) noexcept;

// Many flags with one context at one time: what was found of attributes, segments and prerequisites is kept from flag to
// flag. One thread; lives on the stack, and no longer than the ruleset and the context.
class Evaluator {
public:
    Evaluator(const Ruleset& ruleset, json::Value context, UnixMillis now) noexcept;
    Evaluator(const Evaluator&) = delete;

    Evaluation evaluate(std::size_t flag_index) noexcept;

private:
    const Ruleset::Impl& ruleset_;
    bool valid_;                           // the context is an object, or there is none
    alignas(8) unsigned char walk_[1792];  // the walk of eval/run/interpreter.hpp, which callers need not see
};

// The JSON of ruleset.md: {"flag":..,"value":..,"variation":..,"reason":..,"rule":..,"version":..} plus "prerequisite".
void append_json(std::string& out, const Evaluation& evaluation);

}  // namespace fanion::eval
