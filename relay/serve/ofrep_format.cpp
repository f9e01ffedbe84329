#include "relay/serve/ofrep_format.hpp"

#include <charconv>

#include "common/base/text.hpp"
#include "relay/serve/outcome.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::size_t most_digits = 20;

// Writes into room that is large enough, and moves on.
class Cursor {
public:
    explicit Cursor(char* at) noexcept : at_(at) {}

    Cursor& put(std::string_view text) noexcept {
        at_ += text.copy(at_, text.size());
        return *this;
    }
    Cursor& put(std::uint64_t number) noexcept {
        at_ = std::to_chars(at_, at_ + most_digits, number).ptr;
        return *this;
    }
    const char* at() const noexcept { return at_; }

private:
    char* at_;
};

bool is_plain(std::string_view text) noexcept {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\') return false;
    }
    return true;
}

// Without the quotes around it; a view of `text` or of `room`.
std::string_view escaped(std::string_view text, std::string& room) {
    if (is_plain(text)) [[likely]]
        return text;
    append_json_string(room, text);
    return std::string_view(room).substr(1, room.size() - 2);
}

}  // namespace

// A bulk answer is made of thousands of pieces: `out` grows once for all those of a flag. Flag and variation keys consist of
// characters that JSON needs no escapes for.
void append_ofrep_success(std::string& out, const eval::Evaluation& evaluation, StaleSeconds stale, bool track) {
    constexpr std::string_view longest =
        R"({"key":"","value":,"reason":"TARGETING_MATCH","variant":"","metadata":{"version":,"ruleId":"",)"
        R"("prerequisite":"","stale":,"track":true}})";
    std::string room;
    const auto rule = escaped(evaluation.rule, room);
    const std::size_t begin = out.size();
    out.resize(begin + longest.size() + evaluation.flag.size() + evaluation.value.size() + evaluation.variation.size() +
               rule.size() + evaluation.prerequisite.size() + 2 * most_digits);

    Cursor cursor(out.data() + begin);
    cursor.put("{\"key\":\"").put(evaluation.flag).put("\"");
    if (evaluation.has_value()) cursor.put(",\"value\":").put(evaluation.value);
    cursor.put(",\"reason\":\"").put(eval::name_of(evaluation.reason));
    cursor.put("\",\"variant\":\"").put(evaluation.variation);
    cursor.put("\",\"metadata\":{\"version\":").put(evaluation.version);
    if (!rule.empty()) cursor.put(",\"ruleId\":\"").put(rule).put("\"");
    if (!evaluation.prerequisite.empty()) cursor.put(",\"prerequisite\":\"").put(evaluation.prerequisite).put("\"");
    if (stale) cursor.put(",\"stale\":").put(*stale);
    if (track) cursor.put(",\"track\":true");
    cursor.put("}}");
    out.resize(static_cast<std::size_t>(cursor.at() - out.data()));
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
