#pragma once

// Evaluation (docs/ruleset.md, Evaluation). Pure: no I/O, no clock, no lock, no exception, no
// allocation (but what RE2 needs for states of a pattern it has not met yet). Thread-safe on a
// shared Ruleset.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

// Reasons and error codes of OpenFeature (https://openfeature.dev/specification/types).
enum class Reason : std::uint8_t { static_value, default_value, targeting_match, split, disabled, error };
enum class ErrorCode : std::uint8_t { none, flag_not_found, invalid_context, targeting_key_missing };

// "STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED", "ERROR".
std::string_view name_of(Reason reason) noexcept;
// "FLAG_NOT_FOUND", "INVALID_CONTEXT", "TARGETING_KEY_MISSING"; "" for none.
std::string_view name_of(ErrorCode error) noexcept;

// The result. Views point into the ruleset and are valid as long as it is; `flag` points into the
// caller's key when there is no such flag.
struct Evaluation {
    std::string_view flag;
    std::size_t flag_index = Ruleset::npos;
    std::size_t variation_index = Ruleset::npos;  // npos: the caller's own default
    std::string_view variation;
    std::string_view value;  // compact JSON; empty: the caller's own default
    Reason reason = Reason::error;
    ErrorCode error = ErrorCode::none;
    std::string_view rule;          // id of the rule that served; empty where none did
    std::string_view prerequisite;  // key of the flag of the prerequisite that is not fulfilled; empty where all are
    std::uint64_t version = 0;      // the flag's

    bool has_value() const noexcept { return variation_index != Ruleset::npos; }
};

// `context` is a parsed JSON object, or an empty Value, which counts as an empty object; anything
// else yields INVALID_CONTEXT. `now` is what conditions on $now compare with, in milliseconds since
// 1970. `flag_index` < ruleset.flag_count().
Evaluation evaluate(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now) noexcept;
Evaluation evaluate(const Ruleset& ruleset, std::size_t flag_index, json::Value context, UnixMillis now) noexcept;

// Evaluates many flags with one context at one time, keeping what it determines of attributes,
// segments and prerequisites from flag to flag. One thread; on the stack, and for no longer than
// the ruleset and the context live.
class Evaluator {
public:
    Evaluator(const Ruleset& ruleset, json::Value context, UnixMillis now) noexcept;
    Evaluator(const Evaluator&) = delete;

    Evaluation evaluate(std::size_t flag_index) noexcept;

private:
    // Room for an Interpreter, whose header callers need not see; evaluator.cpp asserts that it
    // fits. On a 64-bit machine: 520 bytes of attributes (64 pointers and the context), 2 * 520 of
    // memos (64 pairs of 32 bits and the bit set each), 80 of the last version, 32 of references
    // and the time, together 1,672; rounded up to a multiple of 128, which leaves room for 15 more
    // pointers.
    static constexpr std::size_t state_bytes = 1792;

    const Ruleset::Impl& ruleset_;
    bool valid_;  // the context is an object or empty
    alignas(8) unsigned char state_[state_bytes];
};

// Appends
// {"flag":..,"value":..,"variation":..,"reason":..,"rule":..,"prerequisite":..,"version":..}
// without the members that have no value; for an error {"flag":..,"error":..,"reason":"ERROR"}.
void append_json(std::string& out, const Evaluation& evaluation);

}  // namespace fanion::eval
