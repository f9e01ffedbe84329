#include "relay/grpc/flagd_condition.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/json/document.hpp"
#include "common/model/json.hpp"

namespace fanion::relay::grpc {
namespace {

using model::Condition;
using model::Literal;
using model::Op;

constexpr std::string_view too_long = "its targeting would be longer than 1 MiB";

// A name that JsonLogic takes as it is: it splits names at dots, reads the empty one as the whole context, numbers as positions
// and `length` as that of a list; flagd adds names that begin with '$'.
bool is_plain_name(std::string_view name) noexcept {
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == ':' || c == ' ' || static_cast<unsigned char>(c) >= 0x80;
    };
    if (name.empty() || (name[0] >= '0' && name[0] <= '9') || name[0] == '-' || name[0] == ' ') return false;
    if (name == "length" || name.starts_with("__") || name == "constructor") return false;
    return std::all_of(name.begin(), name.end(), is_allowed);
}

std::string unsupported(const std::string& attribute) {
    return "the attribute `" + attribute + "` has no name in JsonLogic";
}

bool is_negative(Op op) noexcept { return op == Op::is_not || op == Op::not_one_of || op == Op::not_in_segment; }

void append_literal(std::string& out, const Literal& literal) {
    if (literal.kind == Literal::Kind::string) return append_json_string(out, literal.text);
    out += literal.text;
}

// 1 and 1.0 are equal in both, but JsonLogic's numbers are doubles.
bool is_exact_double(const std::string& number) {
    return std::count_if(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }) <= 15;
}

}  // namespace

std::string var_of(std::string_view attribute) {
    std::string name;
    if (attribute.starts_with('/')) {
        const auto tokens = json::parse_pointer(attribute);
        if (!tokens || !std::all_of(tokens->begin(), tokens->end(), is_plain_name)) return {};
        for (const auto& token : *tokens) name.append(name.empty() ? "" : ".").append(token);
    } else if (is_plain_name(attribute)) {
        name = attribute;
    }
    if (name.empty()) return {};
    std::string var = "{\"var\":";
    append_json_string(var, name);
    return var + "}";
}

std::string ConditionWriter::write(const Condition& condition) {
    if (out_.size() > most_bytes_) return std::string(too_long);
    switch (condition.kind) {
        case Condition::Kind::all:
            return write_all("and", condition.children);
        case Condition::Kind::any:
            return write_all("or", condition.children);
        case Condition::Kind::negation: {
            out_ += "{\"!\":[";
            auto why = write(condition.children.front());
            out_ += "]}";
            return why;
        }
        case Condition::Kind::comparison:
            return write_comparison(condition);
        case Condition::Kind::segment:
            return write_segments(condition);
        case Condition::Kind::bucket:
            break;
    }
    return "flagd has another hash than a bucket";
}

// The list begins with what it is when it is empty.
std::string ConditionWriter::write_all(std::string_view op, const std::vector<Condition>& children) {
    out_.append("{\"").append(op).append("\":[").append(op == "and" ? "true" : "false");
    for (const auto& child : children) {
        out_ += ',';
        if (auto why = write(child); !why.empty()) return why;
    }
    out_ += "]}";
    return {};
}

std::string ConditionWriter::write_comparison(const Condition& condition) {
    const auto var = var_of(condition.attribute);
    if (var.empty()) return unsupported(condition.attribute);
    switch (condition.op) {
        case Op::exists:
            out_.append("{\"!==\":[").append(var).append(",null]}");
            return {};
        case Op::not_exists:
            out_.append("{\"===\":[").append(var).append(",null]}");
            return {};
        case Op::is:
        case Op::is_not:
        case Op::one_of:
        case Op::not_one_of:
            if (condition.ignore_case) return "JsonLogic does not ignore case";
            return write_equality(condition, var);
        default:
            return "the operator " + std::string(model::name_of(condition.op)) + " differs in flagd";
    }
}

// Whether an element of the attribute, or the attribute itself if it is no list, is one of the values.
std::string ConditionWriter::write_equality(const Condition& condition, std::string_view var) {
    if (is_negative(condition.op)) out_ += "{\"!\":[";
    out_.append("{\"some\":[{\"merge\":[").append(var).append("]},{\"or\":[false");
    std::string strings;
    for (const auto& value : condition.values) {
        if (value.kind == Literal::Kind::string) {
            strings += strings.empty() ? "" : ",";
            append_literal(strings, value);
            continue;
        }
        if (value.kind == Literal::Kind::number && !is_exact_double(value.text))
            return "a number has more than 15 digits";
        out_ += ",{\"===\":[{\"var\":\"\"},";
        append_literal(out_, value);
        out_ += "]}";
    }
    if (!strings.empty()) out_.append(",{\"in\":[{\"var\":\"\"},[").append(strings).append("]]}");
    out_ += "]}]}";
    if (is_negative(condition.op)) out_ += "]}";
    return out_.size() > most_bytes_ ? std::string(too_long) : std::string();
}

std::string ConditionWriter::write_segments(const Condition& condition) {
    if (is_negative(condition.op)) out_ += "{\"!\":[";
    out_ += "{\"or\":[false";
    for (const auto& key : condition.values) {
        const auto* segment = find_(key.text);
        if (!segment) return "the segment `" + key.text + "` is not known";
        out_ += ',';
        if (auto why = write_segment(*segment); !why.empty()) return why;
    }
    out_ += is_negative(condition.op) ? "]}]}" : "]}";
    return {};
}

// Included wins over excluded, excluded over rules.
std::string ConditionWriter::write_segment(const model::Segment& segment) {
    out_ += "{\"or\":[";
    if (auto why = write_targets(segment.included); !why.empty()) return why;
    out_ += ",{\"and\":[{\"!\":[";
    if (auto why = write_targets(segment.excluded); !why.empty()) return why;
    out_ += "]},{\"or\":[false";
    for (const auto& rule : segment.rules) {
        out_ += ',';
        if (auto why = write(rule.when); !why.empty()) return why;
    }
    out_ += "]}]}]}";
    return {};
}

std::string ConditionWriter::write_targets(const std::vector<model::Target>& targets) {
    out_ += "{\"or\":[false";
    for (const auto& target : targets) {
        out_ += ',';
        if (auto why = write(target); !why.empty()) return why;
    }
    out_ += "]}";
    return {};
}

std::string ConditionWriter::write(const model::Target& target) {
    const auto var = var_of(target.attribute);
    if (var.empty()) return unsupported(target.attribute);
    out_.append("{\"in\":[").append(var).append(",[");
    bool is_first = true;
    for (const auto& value : target.values) {
        if (!is_first) out_ += ',';
        is_first = false;
        append_json_string(out_, value);
    }
    out_ += "]]}";
    return out_.size() > most_bytes_ ? std::string(too_long) : std::string();
}

}  // namespace fanion::relay::grpc
