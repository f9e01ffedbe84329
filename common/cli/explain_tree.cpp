#include "common/cli/explain_tree.hpp"

#include <vector>

#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

using json::Kind;
using json::Value;

std::string text_of(Value value) {
    if (!value || value.is(Kind::null)) return "nothing";
    return value.is(Kind::string) ? std::string(value.as_string()) : value.to_text();
}

// ", not a version" where the value could not be read.
std::string problem_of(Value holder) {
    const auto problem = holder.find("problem");
    return problem ? ", " + text_of(problem) : "";
}

class Tree {
public:
    void steps(Value list, std::size_t depth) {
        if (!list || !list.is(Kind::array)) return;
        for (const auto step : list.elements()) add_step(step, depth);
    }
    std::string take() { return std::move(out_); }

private:
    static std::string_view verdict(Value holder) {
        const auto holds = holder.find("holds");
        if (!holds || !holds.is(Kind::boolean)) return "   ";
        return holds.as_bool() ? "yes" : "no ";
    }

    void line(std::string_view mark, std::size_t depth, const std::string& text) {
        out_.append(mark).append(" ").append(2 * depth, ' ').append(text).append("\n");
    }

    void add_step(Value step, std::size_t depth) {
        const auto kind = text_of(step.find("step"));
        if (kind == "prerequisite") return add_prerequisite(step, depth);
        if (kind == "rule" || kind == "fallthrough") return add_rule(step, depth, kind);
        std::string text = kind;
        if (const auto attribute = step.find("attribute"))
            text += ": " + text_of(attribute) + " is " +
                    (step.find("value") ? step.find("value").to_text() : "missing") + problem_of(step);
        if (const auto variation = step.find("variation")) text += " -> " + text_of(variation);
        line(verdict(step), depth, text);
    }

    void add_prerequisite(Value step, std::size_t depth) {
        line(verdict(step), depth,
             "prerequisite " + text_of(step.find("flag")) + ": is " + text_of(step.find("variation")) + ", wanted " +
                 step.find("wanted").to_text());
        steps(step.find("steps"), depth + 1);
    }

    void add_rule(Value step, std::size_t depth, const std::string& kind) {
        const auto rule = step.find("rule");
        line(verdict(step), depth, kind + (rule ? " " + text_of(rule) : "") + serve(step.find("serve")));
        if (const auto when = step.find("when")) add_condition(when, depth + 1);
    }

    static std::string serve(Value serve) {
        if (!serve) return "";
        const auto split = serve.find("split");
        if (!split) return " -> " + text_of(serve.find("variation"));
        auto text = " -> split by " + text_of(split.find("by")) + " (" + text_of(split.find("hash")) + ", salt " +
                    text_of(split.find("salt")) + "): ";
        if (!split.find("slot")) return text + "no unit";
        text += "unit " + text_of(split.find("unit")) + " has slot " + text_of(split.find("slot"));
        const auto range = split.find("range");
        text += range && range.is(Kind::array) ? " in " + range.to_text() : " in no range";
        return text + " -> " + text_of(split.find("variation"));
    }

    void add_condition(Value condition, std::size_t depth) {
        for (const auto* name : {"all", "any"}) {
            if (const auto children = condition.find(name)) {
                line(verdict(condition), depth, name);
                for (const auto child : children.elements()) add_condition(child, depth + 1);
                return;
            }
        }
        if (const auto child = condition.find("not")) {
            line(verdict(condition), depth, "not");
            return add_condition(child, depth + 1);
        }
        add_leaf(condition, depth);
    }

    void add_leaf(Value condition, std::size_t depth) {
        if (const auto bucket = condition.find("bucket")) {
            const auto slot = condition.find("slot");
            line(verdict(condition), depth,
                 "bucket " + bucket.to_text() +
                     (slot ? ": unit " + text_of(condition.find("unit")) + " has slot " + text_of(slot) : ": no unit"));
            return;
        }
        std::string text = condition.find("attribute") ? text_of(condition.find("attribute")) + " " : "";
        text += text_of(condition.find("op"));
        if (const auto values = condition.find("values"); values && values.size() > 0) text += " " + values.to_text();
        if (const auto total = condition.find("values_total")) text += " of " + text_of(total);
        const auto segments = condition.find("segments");
        if (!segments) {
            const auto value = condition.find("value");
            return line(verdict(condition), depth,
                        text + (value ? ": is " + value.to_text() + problem_of(condition) : ": is missing"));
        }
        line(verdict(condition), depth, text);
        for (const auto segment : segments.elements()) {
            line(verdict(segment), depth + 1, "segment " + text_of(segment.find("segment")));
            steps(segment.find("steps"), depth + 2);
        }
    }

    std::string out_;
};

}  // namespace

std::string answer_sentence(const std::string& flag, Value answer) {
    std::vector<Finding> ignored;
    json::Reader r(answer, ignored);
    const auto value = r.optional_any("value");
    const auto error = r.string("error", r.string("errorCode", ""));
    if (!error.empty()) return flag + ": " + error;
    const auto variation = r.string("variation", r.string("variant", ""));
    std::string out = flag + " = " + (value ? value.to_text() : "the caller's default") + "  (";
    if (!variation.empty()) out += "variation " + variation + ", ";
    out += r.string("reason", "");
    const auto metadata = r.optional_any("metadata");
    const auto add = [&](const char* label, const char* native, const char* ofrep) {
        auto found = r.optional_any(native);
        if (!found && metadata && metadata.is(json::Kind::object)) found = metadata.find(ofrep);
        if (!found) return;
        out += std::string(", ") + label + " ";
        out += found.is(json::Kind::string) ? std::string(found.as_string()) : found.to_text();
    };
    add("rule", "rule", "ruleId");
    add("prerequisite", "prerequisite", "prerequisite");
    add("version", "version", "version");
    return out + ")";
}

std::string explain_tree(Value explanation) {
    Tree tree;
    tree.steps(explanation.find("steps"), 0);
    auto text = tree.take();
    if (!text.empty()) text.pop_back();  // the caller adds the last line feed
    return text;
}

}  // namespace fanion::cli
