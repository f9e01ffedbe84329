#include "control-plane/body/instructions.hpp"

#include <algorithm>
#include <array>

namespace fanion::cp::body {
namespace {

constexpr std::array refusals{refusal::unknown_rule,  refusal::unknown_variation, refusal::unknown_prerequisite,
                              refusal::no_such_place, refusal::already_there,     refusal::still_served};

bool is_refusal(const Finding& finding) {
    return std::find(refusals.begin(), refusals.end(), finding.code) != refusals.end();
}

}  // namespace

InstructionList read_instructions(json::Reader& body) {
    body.optional_string("comment");  // read by http::Edit
    InstructionList list;
    if (!body.has("instructions")) {
        body.fail_at("instructions", "missing", "`instructions` is missing");
        return list;
    }
    list.readers = body.array("instructions");
    const auto count = list.readers.size();
    const bool is_list = body.optional_any("instructions").is(json::Kind::array);
    if (is_list && (count == 0 || count > max_instructions))
        body.fail_at("instructions", "limit", "a patch has 1 to " + std::to_string(max_instructions) + " instructions");
    return list;
}

Error instruction_error(std::vector<Finding> findings) {
    const bool is_refused = std::any_of(findings.begin(), findings.end(), is_refusal);
    if (!is_refused) return error_if_any(std::move(findings)).error();
    return {Errc::unprocessable, findings.front().detail, std::move(findings)};
}

void add_unknown_kind(json::Reader& r, const std::vector<std::string_view>& known) {
    std::string names;
    for (const auto name : known) names += (names.empty() ? "" : ", ") + std::string(name);
    r.fail_at("kind", "unknown_kind", "this resource has no such instruction; it has " + names);
}

std::string read_name(json::Reader& r, std::string_view member) {
    auto name = r.string(member);
    if (name.empty() && has_string(r, member)) r.fail_at(member, "missing", "this must not be empty");
    return name;
}

std::vector<std::string> read_values(json::Reader& r, std::string_view member) {
    if (!r.has(member)) {
        r.fail_at(member, "missing", "`" + std::string(member) + "` is missing");
        return {};
    }
    auto values = r.strings(member);
    if (values.empty() && r.optional_any(member).is(json::Kind::array) && r.optional_any(member).size() == 0)
        r.fail_at(member, "missing", "give at least one");
    return values;
}

}  // namespace fanion::cp::body
