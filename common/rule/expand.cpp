#include "common/rule/expand.hpp"

#include <algorithm>

#include "common/json/writer.hpp"
#include "common/model/json.hpp"
#include "common/rule/text.hpp"

namespace fanion::rule {
namespace {

using json::Kind;
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
    void body(Value body, const std::string& pointer) {
        if (!has_text(body)) return void(writer_.raw(body.to_text()));
        writer_.begin_object();
        for (const auto member : body.members()) {
            writer_.key(member.name);
            if (member.name == "rules" && member.value.is(Kind::array))
                rules(member.value, pointer + "/rules/");
            else
                writer_.raw(member.value.to_text());
        }
        writer_.end_object();
    }

    void plain(Value root) {
        writer_.begin_object();
        for (const auto member : root.members()) {
            writer_.key(member.name);
            const bool has_bodies = member.name == "flags" || member.name == "segments";
            if (has_bodies && member.value.is(Kind::array))
                bodies(member.value, "/" + std::string(member.name) + "/");
            else
                writer_.raw(member.value.to_text());
        }
        writer_.end_object();
    }

    Expansion take() { return {std::move(out_), std::move(findings_)}; }

private:
    void bodies(Value list, const std::string& prefix) {
        std::size_t index = 0;
        writer_.begin_array();
        for (const auto element : list.elements()) body(element, prefix + std::to_string(index++));
        writer_.end_array();
    }

    void rules(Value list, const std::string& prefix) {
        std::size_t index = 0;
        writer_.begin_array();
        for (const auto rule : list.elements()) {
            const auto pointer = prefix + std::to_string(index++);
            if (is_text_rule(rule))
                this->rule(rule, pointer + "/when");
            else
                writer_.raw(rule.to_text());
        }
        writer_.end_array();
    }

    // After an error `always` stands in for the condition, so that the rest can be judged too.
    void rule(Value rule, const std::string& pointer) {
        writer_.begin_object();
        for (const auto member : rule.members()) {
            writer_.key(member.name);
            if (member.name != "when" || !member.value.is(Kind::string)) {
                writer_.raw(member.value.to_text());
                continue;
            }
            auto parsed = parse(member.value.as_string());
            for (auto& finding : parsed ? std::vector<Finding>() : std::move(parsed.error().findings))
                findings_.push_back({"", pointer, finding.code, finding.detail});
            model::write_condition(writer_, parsed ? parsed->condition : model::Condition());
        }
        writer_.end_object();
    }

    std::string out_;
    json::Writer writer_{out_};
    std::vector<Finding> findings_;
};

// The text that `tokens` runs into, and how many of them lead to it.
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

// The place of the node that `pointer` is, or is inside of.
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

Expansion expand_body(Value body, const std::string& pointer) {
    if (!has_text(body)) return {};
    Expander expander;
    expander.body(body, pointer);
    return expander.take();
}

Expansion expand_plain(Value root) {
    if (!root.is(Kind::object)) return {};
    bool any = false;
    for (const auto* name : {"flags", "segments"}) {
        const auto list = root.find(name);
        if (!list || !list.is(Kind::array)) continue;
        for (const auto element : list.elements()) any = any || has_text(element);
    }
    if (!any) return {};
    Expander expander;
    expander.plain(root);
    return expander.take();
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
