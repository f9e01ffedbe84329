#include "common/rule/expand.hpp"

#include <algorithm>
#include <iterator>

#include "common/json/writer.hpp"
#include "common/model/json.hpp"
#include "common/rule/text.hpp"

namespace fanion::rule {
namespace {

using json::Kind;
using json::Tree;
using json::Value;

bool is_text_rule(Value rule) {
    const auto when = rule.is(Kind::object) ? rule.find("when") : Value();
    return when && when.is(Kind::string);
}

bool has_text(Value body) {
    const auto rules = body.is(Kind::object) ? body.find("rules") : Value();
    if (!rules || !rules.is(Kind::array)) return false;
    for (const auto rule : rules.elements())
        if (is_text_rule(rule)) return true;
    return false;
}

class Expander {
public:
    Expander(std::size_t max_bytes, std::vector<Finding>& findings) : max_bytes_(max_bytes), findings_(findings) {}

    // After an error `always` replaces the condition, so that the rest can still be validated.
    void rule(Tree& rule, const std::string& pointer) {
        auto* when = rule.find("when");
        if (when == nullptr || !when->is(Kind::string)) return;
        const auto parsed = parse(when->as_string());
        if (!parsed) add(parsed.error(), pointer);
        if (bytes_ > max_bytes_) return;
        auto tree = to_tree(parsed ? parsed->condition : model::Condition());
        if (!tree) {  // a number out of the range of a double
            add(tree.error(), pointer);
            tree = to_tree(model::Condition());
        }
        *when = std::move(tree.value());
    }

private:
    Result<Tree> to_tree(const model::Condition& condition) {
        std::string text;
        json::Writer writer(text);
        model::write_condition(writer, condition);
        bytes_ += text.size();
        json::ScanLimits scan;
        scan.bytes = text.size();  // our own text: its size is bounded by the one that was parsed
        return Tree::parse(text, scan);
    }

    void add(const Error& error, const std::string& pointer) {
        for (const auto& finding : error.findings)
            findings_.push_back({"", pointer + "/when", finding.code, finding.detail});
    }

    const std::size_t max_bytes_;
    std::size_t bytes_ = 0;  // size of the conditions so far, as JSON
    std::vector<Finding>& findings_;
};

// Writes the elements of `list` with their rules expanded.
void write_expanded(json::Writer& w, Value list, const std::string& pointer, std::vector<Finding>& findings) {
    std::size_t index = 0;
    w.begin_array();
    for (const auto element : list.elements()) {
        const auto place = pointer + "/" + std::to_string(index++);
        if (!has_text(element)) {
            w.raw(element.to_text());
            continue;
        }
        Tree body(element);
        auto found = expand_body(body, place, limits::environment_bytes);
        std::move(found.begin(), found.end(), std::back_inserter(findings));
        w.raw(body.to_text());
    }
    w.end_array();
}

// A textual `when` on the path of a pointer, and how many of the pointer's tokens lead to it.
struct Hit {
    Value text;
    std::size_t used = 0;
};

std::optional<Hit> find_text(Value value, const std::vector<std::string>& tokens) {
    for (std::size_t used = 0; used < tokens.size() && value; ++used) {
        if (used > 0 && tokens[used - 1] == "when" && value.is(Kind::string)) return Hit{value, used};
        if (!value.is(Kind::object) && !value.is(Kind::array)) return std::nullopt;
        value = value.at({tokens[used]});
    }
    return std::nullopt;
}

std::string pointer_of(const std::vector<std::string>& tokens, std::size_t from, std::size_t to) {
    std::string pointer;
    for (std::size_t i = from; i < to; ++i) json::append_pointer(pointer, tokens[i]);
    return pointer;
}

// The place of the innermost node that contains `pointer`.
Place place_of(std::string_view text, std::string_view pointer) {
    const auto parsed = parse(text);
    Place place;
    if (!parsed) return place;
    for (const auto& node : parsed->places) {
        const bool holds = pointer.starts_with(node.pointer) &&
                           (pointer.size() == node.pointer.size() || pointer[node.pointer.size()] == '/');
        if (holds) place = node.place;
    }
    return place;
}

void locate(Finding& finding, Value body) {
    const auto tokens = json::parse_pointer(finding.pointer);
    const auto hit = tokens ? find_text(body, *tokens) : std::nullopt;
    if (!hit) return;
    const auto place = place_of(hit->text.as_string(), pointer_of(*tokens, hit->used, tokens->size()));
    finding.pointer = pointer_of(*tokens, 0, hit->used);
    finding.detail =
        "line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": " + finding.detail;
}

}  // namespace

std::vector<Finding> expand_body(Tree& body, const std::string& pointer, std::size_t max_bytes) {
    std::vector<Finding> findings;
    auto* rules = body.find("rules");
    if (rules == nullptr || !rules->is(Kind::array)) return findings;
    Expander expander(max_bytes, findings);
    std::size_t index = 0;
    for (auto& rule : rules->elements()) expander.rule(rule, pointer + "/rules/" + std::to_string(index++));
    return findings;
}

Expansion expand_plain(Value root) {
    const auto is_list_of_bodies = [](const json::Member& member) {
        return (member.name == "flags" || member.name == "segments") && member.value.is(Kind::array);
    };
    if (!root.is(Kind::object)) return {};
    bool any = false;
    for (const auto member : root.members()) {
        if (!is_list_of_bodies(member)) continue;
        for (const auto element : member.value.elements()) any = any || has_text(element);
    }
    if (!any) return {};
    Expansion expansion;
    json::Writer w(expansion.json.emplace());
    w.begin_object();
    for (const auto member : root.members()) {
        w.key(member.name);
        if (is_list_of_bodies(member))
            write_expanded(w, member.value, "/" + std::string(member.name), expansion.findings);
        else
            w.raw(member.value.to_text());
    }
    w.end_object();
    return expansion;
}

Error locate_in_body(Error error, Value body) {
    for (auto& finding : error.findings)
        if (finding.item.empty()) locate(finding, body);
    return error;
}

Error locate_in_plain(Error error, Value root) {
    for (auto& finding : error.findings) locate(finding, root);
    return error;
}

}  // namespace fanion::rule
