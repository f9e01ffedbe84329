// A plan as text, as JSON and as annotations of a pull request.

#include "common/cli/code_options.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

using Action = PlannedChange::Action;

struct ActionWords {
    const char* sign;  // for people
    const char* name;  // in JSON
};

ActionWords words_of(Action action) {
    switch (action) {
        case Action::create:
            return {"+", "create"};
        case Action::change:
            return {"~", "change"};
        case Action::remove:
            return {"-", "delete"};
        case Action::keep:
            return {"?", "keep"};
    }
    return {};
}

// Values of workflow commands: https://docs.github.com/actions, "Workflow commands".
std::string escaped_annotation(std::string_view text, bool is_property) {
    std::string out;
    for (const char c : text) {
        if (c == '%')
            out += "%25";
        else if (c == '\r')
            out += "%0D";
        else if (c == '\n')
            out += "%0A";
        else if (is_property && c == ':')
            out += "%3A";
        else if (is_property && c == ',')
            out += "%2C";
        else
            out += c;
    }
    return out;
}

std::string annotation(const char* level, const std::string& file, const flagfile::Place& place,
                       std::string_view message) {
    return "::" + std::string(level) + " file=" + escaped_annotation(file, true) +
           ",line=" + std::to_string(place.line) + ",col=" + std::to_string(place.column) +
           "::" + escaped_annotation(message, false);
}

std::string line_of(std::string out, const std::string& line) {
    if (!out.empty()) out += '\n';
    return out += line;
}

// The place in "flags.yaml:3:7".
flagfile::Place place_in(const std::string& item) {
    const auto column = item.rfind(':');
    const auto line = column == std::string::npos || column == 0 ? column : item.rfind(':', column - 1);
    if (line == std::string::npos) return {};
    const auto number = [](const std::string& text) { return std::strtoull(text.c_str(), nullptr, 10); };
    return {std::max<std::size_t>(1, number(item.substr(line + 1))),
            std::max<std::size_t>(1, number(item.substr(column + 1)))};
}

}  // namespace

std::string describe_plan(const CodePlan& plan) {
    std::string out;
    for (const auto& change : plan.changes) {
        for (const auto& sentence : change.sentences)
            out = line_of(std::move(out), std::string(words_of(change.action).sign) + ' ' + change.kind + " `" +
                                              change.key + "`: " + sentence);
    }
    if (plan.is_empty()) out = line_of(std::move(out), plan.file.project.key + " is as " + plan.file.name + " says.");
    return out;
}

std::string json_of_plan(const CodePlan& plan) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("project", plan.file.project.key).member("differs", !plan.is_empty());
    w.key("changes").begin_array();
    for (const auto& change : plan.changes) {
        w.begin_object().member("action", words_of(change.action).name).member("kind", change.kind);
        w.member("key", change.key).key("sentences").begin_array();
        for (const auto& sentence : change.sentences) w.string(sentence);
        w.end_array();
        if (!change.pointer.empty()) {
            const auto place = plan.file.source.place_of(change.pointer);
            w.member("pointer", change.pointer);
            w.member("line", std::uint64_t{place.line}).member("column", std::uint64_t{place.column});
        }
        w.end_object();
    }
    w.end_array().end_object();
    return out;
}

std::string annotations_of(const CodePlan& plan) {
    std::string out;
    for (const auto& change : plan.changes) {
        const auto place = plan.file.source.place_of(change.pointer);
        for (const auto& sentence : change.sentences)
            out = line_of(std::move(out), annotation("notice", plan.file.name, place,
                                                     change.kind + " `" + change.key + "`: " + sentence));
    }
    return out;
}

std::string annotations_of(const std::string& file, const Error& error) {
    if (error.findings.empty()) return annotation("error", file, {}, error.detail);
    std::string out;
    for (const auto& finding : error.findings)
        out = line_of(std::move(out),
                      annotation("error", file, place_in(finding.item), finding.detail + " [" + finding.code + "]"));
    return out;
}

}  // namespace fanion::cli
