#include "relay/serve/ofrep_format.hpp"

#include <charconv>

#include "common/base/text.hpp"
#include "relay/serve/outcome.hpp"

namespace fanion::relay::serve {
namespace {

void append_number(std::string& out, std::uint64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

}  // namespace

void append_ofrep_success(std::string& out, const eval::Evaluation& evaluation, StaleSeconds stale, bool track) {
    // Flag and variation keys consist of characters that JSON needs no escapes for.
    out.append("{\"key\":\"").append(evaluation.flag).append("\"");
    if (evaluation.has_value()) out.append(",\"value\":").append(evaluation.value);
    out.append(",\"reason\":\"").append(eval::name_of(evaluation.reason));
    out.append("\",\"variant\":\"").append(evaluation.variation);
    out.append("\",\"metadata\":{\"version\":");
    append_number(out, evaluation.version);
    if (!evaluation.rule.empty()) {
        out.append(",\"ruleId\":");
        append_json_string(out, evaluation.rule);
    }
    if (!evaluation.prerequisite.empty()) {
        out.append(",\"prerequisite\":\"").append(evaluation.prerequisite).append("\"");
    }
    if (stale) {
        out.append(",\"stale\":");
        append_number(out, *stale);
    }
    if (track) out.append(",\"track\":true");
    out.append("}}");
}

std::string_view failure_details(const eval::Ruleset& ruleset, const eval::Evaluation& evaluation, std::string& room) {
    if (evaluation.error != eval::ErrorCode::targeting_key_missing) return row_of(outcome_of(evaluation.error)).text;
    room.assign("the flag is split by `").append(ruleset.fallthrough_unit(evaluation.flag_index));
    room.append("`, which the context does not have as a string or an integer");
    return room;
}

void append_ofrep_failure(std::string& out, const OfrepFailure& failure) {
    out.push_back('{');
    if (failure.key) {
        out.append("\"key\":");
        append_json_string(out, is_valid_utf8(*failure.key) ? std::string(*failure.key) : percent_encode(*failure.key));
        out.push_back(',');
    }
    out.append("\"errorCode\":\"").append(failure.code).append("\",\"errorDetails\":");
    append_json_string(out, failure.details);
    out.append(",\"metadata\":{}");
    if (failure.repeat) {
        out.append(",\"error_code\":\"").append(failure.code).append("\",\"error_details\":");
        append_json_string(out, failure.details);
    }
    out.push_back('}');
}

}  // namespace fanion::relay::serve
