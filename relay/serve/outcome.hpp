#pragma once

// How a request of an application ended, and all that follows from it. One table (relay-api.md,
// errors.md): nothing else in this folder distinguishes outcomes to find a status, a code or a
// text. Constants; thread-safe.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "common/eval/run/evaluator.hpp"

namespace fanion::relay::serve {

enum class Outcome : std::uint8_t {
    ok,
    accepted,
    no_content,
    not_modified,
    flag_not_found,
    targeting_key_missing,
    invalid_context,
    parse_error,
    too_large,
    encoded_body,
    unauthorized,
    forbidden,
    rate_limited,
    not_synchronised,
    not_granted,
    unprocessable,
    overloaded,
    type_mismatch,  // of an RPC, which names the type that it wants
    count           // the number of outcomes
};
inline constexpr std::size_t outcome_count = static_cast<std::size_t>(Outcome::count);

struct OutcomeRow {
    Outcome outcome;
    unsigned status;              // HTTP
    Errc errc;                    // of the problem in the native form; internal where the answer is no error
    std::string_view ofrep_code;  // `errorCode` in OFREP; empty where the answer is no error
    std::string_view text;        // for the caller, unless the code that refuses has a more precise one
    std::string_view metric;      // label `outcome` of fanion_relay_requests_total
    eval::ErrorCode evaluation;   // the failed evaluation that ends so; none for all other outcomes
};

// Why a handler does not answer a request. The dispatcher writes it in the form of the route.
struct Refusal {
    Refusal() = default;  // boost::system::result asks for it
    // At least two arguments: a result<Outcome, Refusal> must be constructible from an Outcome
    // without ambiguity.
    Refusal(Outcome why, std::string text, std::vector<Finding> places = {})
        : outcome(why), detail(std::move(text)), findings(std::move(places)) {}

    Outcome outcome = Outcome::parse_error;
    std::string detail;  // one sentence for the caller
    std::vector<Finding> findings;
};

// In the order of the enumerators.
inline constexpr std::array<OutcomeRow, outcome_count> outcome_table = {{
    {Outcome::ok, 200, Errc::internal, "", "", "ok", eval::ErrorCode::none},
    {Outcome::accepted, 202, Errc::internal, "", "", "accepted", eval::ErrorCode::none},
    {Outcome::no_content, 204, Errc::internal, "", "", "no_content", eval::ErrorCode::none},
    {Outcome::not_modified, 304, Errc::internal, "", "", "not_modified", eval::ErrorCode::none},
    {Outcome::flag_not_found, 404, Errc::not_found, "FLAG_NOT_FOUND",
     "no flag of this key in the environment of the API key", "flag_not_found", eval::ErrorCode::flag_not_found},
    {Outcome::targeting_key_missing, 400, Errc::invalid_input, "TARGETING_KEY_MISSING",
     "the context has no targeting key", "targeting_key_missing", eval::ErrorCode::targeting_key_missing},
    {Outcome::invalid_context, 400, Errc::invalid_input, "INVALID_CONTEXT", "the context is not a JSON object",
     "invalid_context", eval::ErrorCode::invalid_context},
    {Outcome::parse_error, 400, Errc::invalid_input, "PARSE_ERROR", "the body is not a JSON object", "parse_error",
     eval::ErrorCode::none},
    {Outcome::too_large, 413, Errc::too_large, "GENERAL", "the context is larger than 64 KiB", "too_large",
     eval::ErrorCode::none},
    {Outcome::encoded_body, 415, Errc::unsupported_media_type, "GENERAL",
     "the body must be sent as it is, without a Content-Encoding", "encoded_body", eval::ErrorCode::none},
    {Outcome::unauthorized, 401, Errc::unauthenticated, "GENERAL", "no key, or one that is not known here",
     "unauthorized", eval::ErrorCode::none},
    {Outcome::forbidden, 403, Errc::forbidden, "GENERAL", "a relay key does not evaluate flags", "forbidden",
     eval::ErrorCode::none},
    {Outcome::rate_limited, 429, Errc::rate_limited, "GENERAL", "too many requests", "rate_limited",
     eval::ErrorCode::none},
    {Outcome::not_synchronised, 503, Errc::unavailable, "GENERAL",
     "the key is not known here, or not yet: this relay may not have received everything that it serves",
     "not_synchronised", eval::ErrorCode::none},
    {Outcome::not_granted, 404, Errc::not_found, "GENERAL", "there is no ruleset of this environment", "not_granted",
     eval::ErrorCode::none},
    {Outcome::unprocessable, 422, Errc::unprocessable, "GENERAL", "what was sent cannot be used", "unprocessable",
     eval::ErrorCode::none},
    {Outcome::overloaded, 503, Errc::unavailable, "GENERAL", "too many events wait to be written; send them again",
     "overloaded", eval::ErrorCode::none},
    {Outcome::type_mismatch, 400, Errc::invalid_input, "TYPE_MISMATCH", "the flag's value is of another type",
     "type_mismatch", eval::ErrorCode::none},
}};

constexpr const OutcomeRow& row_of(Outcome outcome) noexcept {
    return outcome_table[static_cast<std::size_t>(outcome)];
}

// The outcome of a request for one evaluation.
constexpr Outcome outcome_of(eval::ErrorCode error) noexcept {
    if (error == eval::ErrorCode::none) return Outcome::ok;
    for (const auto& row : outcome_table) {
        if (row.evaluation == error) return row.outcome;
    }
    return Outcome::invalid_context;  // not reached: outcome_test holds that each error has its row
}

// A new enumerator without a row leaves an empty one at the end; a row in the wrong place is found
// as well.
consteval bool is_complete(const std::array<OutcomeRow, outcome_count>& table) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (static_cast<std::size_t>(table[i].outcome) != i || table[i].metric.empty()) return false;
    }
    return true;
}
static_assert(is_complete(outcome_table));

}  // namespace fanion::relay::serve
