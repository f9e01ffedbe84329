#include "common/cli/vectors.hpp"

#include <optional>

#include "common/cli/eval_offline.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

constexpr const char* format_name = "fanion-vectors/1";
constexpr UnixMillis default_now = 1'763'720'000'000;  // 2025-11-21T10:13:20Z
constexpr std::size_t depth_of_file = 16;              // nesting of the file's own objects and arrays around a context

struct Case {
    std::string name;
    std::string flag;
    std::optional<std::string> context;  // nullopt: no context
    UnixMillis now = default_now;
    std::string expected;
};

struct Group {
    std::string name;
    std::string ruleset;
    std::vector<Case> cases;
};

// A part of a case can be given as JSON, or as text if its exact spelling matters. These are the names of both members.
struct Part {
    std::string_view json;
    std::string_view text;
};
constexpr Part ruleset_part{"ruleset", "ruleset_text"};
constexpr Part context_part{"context", "context_text"};
constexpr Part expect_part{"expect", "expect_text"};

// Returns nullopt if neither member is present.
std::optional<std::string> read_part(json::Reader& r, const Part& part) {
    const bool as_json = r.has(part.json);
    if (r.has(part.text)) {
        if (as_json) r.fail_at(part.text, "duplicate", "cannot be combined with '" + std::string(part.json) + "'");
        return r.string(part.text);
    }
    if (!as_json) return std::nullopt;
    return r.value().find(part.json).to_text();
}

std::string read_required_part(json::Reader& r, const Part& part) {
    auto text = read_part(r, part);
    if (!text) r.fail_at(part.json, "missing", "either this member or '" + std::string(part.text) + "' is required");
    return text.value_or("");
}

Case read_case(json::Reader r) {
    constexpr std::int64_t any_time = std::int64_t{1} << 53;
    Case one{r.string("name"), r.string("flag"), read_part(r, context_part),
             r.integer("now", -any_time, any_time, default_now), read_required_part(r, expect_part)};
    r.finish(json::UnknownFields::refuse);
    return one;
}

Group read_group(json::Reader r) {
    Group group{r.string("name"), read_required_part(r, ruleset_part), {}};
    r.strings("needs");
    auto cases = r.array("cases");
    if (cases.empty()) r.fail_at("cases", "missing", "a group must have cases");
    for (auto& one : cases) group.cases.push_back(read_case(one));
    r.finish(json::UnknownFields::refuse);
    return group;
}

Result<std::vector<Group>> read_file_of_vectors(std::string_view text) {
    json::Document document;
    json::ScanLimits scan{
        .bytes = text.size(), .depth = limits::json_depth + depth_of_file, .string_bytes = text.size()};
    if (auto parsed = document.parse(text, scan); !parsed) return parsed.error();
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    if (r.string("format") != format_name && findings.empty())
        r.fail_at("format", "malformed", std::string("must be ") + format_name);
    std::vector<Group> groups;
    for (auto& group : r.array("groups")) groups.push_back(read_group(group));
    if (groups.empty()) r.fail_at("groups", "missing", "a file must have groups");
    if (!findings.empty()) return Error{Errc::invalid_input, "not a valid file of vectors", findings};
    return groups;
}

// A context that is not valid JSON is evaluated as `null`, which is not an object and is therefore rejected too.
std::string evaluate_case(const eval::Ruleset& ruleset, const Case& one) {
    json::Document context;
    if (one.context) {
        json::ScanLimits scan;
        scan.bytes = limits::context_bytes;
        if (!context.parse(*one.context, scan) && !context.parse("null")) return "";
    }
    return Answerer(ruleset, one.now, false).answer(one.flag, context.root()).json;
}

void run_group(const Group& group, VectorReport& report) {
    const auto ruleset = eval::compile_plain(group.ruleset);
    for (const auto& one : group.cases) {
        auto got =
            ruleset ? evaluate_case(**ruleset, one) : "the ruleset does not compile: " + describe(ruleset.error());
        if (got != one.expected) report.failures.push_back({group.name, one.name, one.expected, std::move(got)});
    }
    report.groups += 1;
    report.cases += group.cases.size();
}

}  // namespace

Result<VectorReport> run_vectors(std::string_view text) {
    const auto groups = read_file_of_vectors(text);
    if (!groups) return groups.error();
    VectorReport report;
    for (const auto& group : *groups) run_group(group, report);
    return report;
}

}  // namespace fanion::cli
