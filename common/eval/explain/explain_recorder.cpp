#include "common/eval/explain/explain_recorder.hpp"

#include <algorithm>

#include "common/eval/explain/unreadable.hpp"
#include "common/model/json.hpp"

namespace fanion::eval {
namespace {

constexpr std::size_t shown_values = 20;

void write_value(json::Writer& writer, std::string_view name, json::Value value) {
    if (value) writer.key(name).raw(value.to_text());
}

void write_values(json::Writer& writer, json::Value values) {
    if (!values) return;
    writer.key("values").begin_array();
    std::size_t left = shown_values;
    for (const auto value : values.elements()) {
        if (left-- == 0) break;
        writer.raw(value.to_text());
    }
    writer.end_array();
    if (values.size() > shown_values) writer.member("values_total", std::uint64_t{values.size()});
}

void write_unit(json::Writer& writer, const std::optional<std::string_view>& unit, std::uint32_t slot) {
    writer.key("unit");
    if (!unit) {
        writer.null();
        return;
    }
    writer.string(*unit).member("slot", std::uint64_t{slot});
}

}  // namespace

ExplainRecorder::ExplainRecorder(const Ruleset::Impl& ruleset, std::uint32_t flag, std::string& out)
    : ruleset_(ruleset), writer_(out) {
    begin_flag(flag);
}

void ExplainRecorder::finish() { end_flag(); }

ItemText& ExplainRecorder::text_of(bool is_segment, std::uint32_t index) {
    auto& text = texts_[{is_segment, index}];
    if (!text)
        text = std::make_unique<ItemText>(is_segment ? *ruleset_.segments[index]->body : *ruleset_.flags[index]->body);
    return *text;
}

// Written only once there is a step: an item whose result was already known has none.
void ExplainRecorder::begin_steps() {
    if (std::exchange(frame().has_steps, true)) return;
    writer_.key("steps").begin_array();
}

void ExplainRecorder::begin_flag(std::uint32_t flag) {
    frames_.push_back({false, flag, &ruleset_.flags[flag]->conditions, &text_of(false, flag)});
    begin_steps();
}

void ExplainRecorder::end_flag() {
    frames_.pop_back();
    writer_.end_array();
}

void ExplainRecorder::enabled(bool holds) {
    writer_.begin_object().member("step", "enabled").member("holds", holds).end_object();
}

void ExplainRecorder::begin_prerequisite(const PreparedFlag& of, std::size_t number, std::uint32_t flag) {
    writer_.begin_object().member("step", "prerequisite").member("flag", ruleset_.flags[flag]->key);
    writer_.key("wanted").begin_array();
    for (const auto& wanted : of.prerequisites[number].variations) writer_.string(wanted);
    writer_.end_array().member("enabled", ruleset_.flags[flag]->enabled);
}

void ExplainRecorder::end_prerequisite(std::uint32_t flag, std::uint32_t variation, bool holds) {
    writer_.key("variation");
    if (variation == no_variation)
        writer_.null();
    else
        writer_.string(ruleset_.flags[flag]->variations[variation].key);
    writer_.member("holds", holds).end_object();
}

// The first leaves are lists: leaf i is target i of a flag, or list i of a segment.
void ExplainRecorder::begin_list(std::uint32_t at) {
    begin_steps();
    writer_.begin_object();
    const auto& conditions = *frame().conditions;
    const auto& attribute = conditions.attributes[conditions.leaves[at].attribute].text;
    if (!frame().is_segment) {
        writer_.member("step", "target").member("attribute", attribute);
        return variation("variation", flag().targets[at]);
    }
    writer_.member("step", at < ruleset_.segments[frame().index]->included ? "included" : "excluded");
    writer_.member("attribute", attribute);
}

std::size_t ExplainRecorder::rule_of(std::uint32_t leaf) {
    const auto starts_behind = [leaf](std::uint32_t first) { return leaf < first; };
    if (frame().is_segment) {
        const auto& rules = ruleset_.segments[frame().index]->rules;
        return static_cast<std::size_t>(std::find_if(rules.begin(), rules.end(), starts_behind) - rules.begin()) - 1;
    }
    const auto& rules = flag().rules;
    const auto behind = std::find_if(rules.begin(), rules.end(),
                                     [&](const PreparedRule& rule) { return starts_behind(rule.condition); });
    return static_cast<std::size_t>(behind - rules.begin()) - 1;
}

void ExplainRecorder::go_to_rule(std::size_t rule) {
    if (frame().rule == rule) return;
    if (frame().rule != no_rule) {
        end_when(false);
        end_rule();
    }
    if (rule == no_rule) return;
    begin_steps();
    frame().rule = rule;
    const auto first =
        frame().is_segment ? ruleset_.segments[frame().index]->rules[rule] : flag().rules[rule].condition;
    frame().text->enter_rule(rule, first);
    frame().serve = frame().text->serve(rule);
    writer_.begin_object().member("step", "rule");
    if (frame().is_segment)
        writer_.member("rule", std::uint64_t{rule});
    else
        writer_.member("rule", flag().rules[rule].id);
    writer_.key("when");
}

void ExplainRecorder::end_when(bool holds) {
    while (!frame().open.empty()) close_condition();
    writer_.member("holds", holds);
}
void ExplainRecorder::end_rule() {
    writer_.end_object();
    frame().rule = no_rule;
}

void ExplainRecorder::begin_serve() { end_when(true); }
void ExplainRecorder::end_serve() { end_rule(); }
void ExplainRecorder::begin_fallthrough() {
    go_to_rule(no_rule);
    frame().serve = frame().text->root().find("fallthrough");
    writer_.begin_object().member("step", "fallthrough");
}
void ExplainRecorder::end_fallthrough() { writer_.end_object(); }

void ExplainRecorder::variation(std::string_view name, std::uint32_t variation) {
    writer_.key(name);
    if (variation == no_variation)
        writer_.null();
    else
        writer_.string(flag().variations[variation].key);
}

void ExplainRecorder::serve(std::uint32_t chosen) {
    writer_.key("serve").begin_object();
    variation("variation", chosen);
    writer_.end_object();
}

void ExplainRecorder::write_salt(json::Value split) {
    auto salt = split.find("salt");
    if (!salt) salt = frame().text->root().find("salt");
    writer_.member("salt", salt ? salt.as_string() : std::string_view(flag().key));
}

void ExplainRecorder::split(const SplitSeen& seen) {
    writer_.key("serve").begin_object().key("split").begin_object();
    writer_.member("by", flag().conditions.attributes[seen.split.attribute].text);
    const auto written = frame().serve.find("split");
    write_salt(written);
    const auto hash = written.find("hash");
    writer_.member("hash", hash ? hash.as_string() : model::name_of(model::Hash::murmur3));
    write_unit(writer_, seen.unit, seen.slot);
    if (seen.unit) {
        writer_.key("range");
        if (seen.range == nullptr)
            writer_.null();
        else
            writer_.begin_array().unsigned_integer(seen.range->from).unsigned_integer(seen.range->to).end_array();
        variation("variation", seen.range != nullptr ? seen.range->variation : seen.split.otherwise);
    }
    writer_.end_object().end_object();
}

void ExplainRecorder::members_of(json::Value condition) {
    for (const auto* name : {"attribute", "op", "bucket"}) write_value(writer_, name, condition.find(name));
    write_values(writer_, condition.find("values"));
    if (const auto fold = condition.find("ignore_case"); fold && fold.is(json::Kind::boolean) && fold.as_bool())
        writer_.member("ignore_case", true);
}

void ExplainRecorder::open_condition(std::size_t place) {
    frame().open.push_back(place);
    writer_.begin_object();
    const auto condition = frame().text->conditions()[place].json;
    if (condition.find("not"))
        writer_.key("not");
    else
        writer_.key(condition.find("all") ? "all" : "any").begin_array();
}

void ExplainRecorder::close_condition() {
    const auto condition = frame().text->conditions()[frame().open.back()].json;
    if (condition.find("not"))
        frame().holds = !frame().holds;
    else
        writer_.end_array();
    writer_.member("holds", frame().holds).end_object();
    frame().open.pop_back();
}

void ExplainRecorder::begin_leaf(const Leaf& leaf, std::uint32_t at) {
    frame().seen = {};
    if (leaf.is_list) return begin_list(at);
    go_to_rule(rule_of(at));
    const auto& conditions = frame().text->conditions();
    auto& open = frame().open;
    const auto place = frame().text->place_of(at);
    while (!open.empty() && conditions[open.back()].end <= place) close_condition();
    for (auto around = open.empty() ? 0 : open.back() + 1; around < place;) {
        const auto end = conditions[around].end;
        if (place < end)
            open_condition(around++);
        else
            around = end;
    }
    writer_.begin_object();
    const auto written = conditions[place].json;
    for (const auto* name : {"all", "any"})
        if (written.find(name)) writer_.key(name).begin_array().end_array();
    members_of(written);
    if (leaf.kind == Leaf::Kind::segment) writer_.key("segments").begin_array();
    if (leaf.kind == Leaf::Kind::constant && written.find("values"))  // a segment condition without segments
        writer_.key("segments").begin_array().end_array();
}

void ExplainRecorder::value(json::Value value) {
    frame().seen = value;
    if (!value.is(json::Kind::null)) write_value(writer_, "value", value);
}
void ExplainRecorder::now(UnixMillis now) { writer_.member("value", std::int64_t{now}); }
void ExplainRecorder::bucket(std::optional<std::string_view> unit, std::uint32_t slot) {
    write_unit(writer_, unit, slot);
}

void ExplainRecorder::end_leaf(const Leaf& leaf, bool holds) {
    if (leaf.kind == Leaf::Kind::segment) writer_.end_array();
    if (const auto problem = problem_of(leaf, frame().seen); !problem.empty()) writer_.member("problem", problem);
    writer_.member("holds", holds).end_object();
    frame().holds = holds;
}

void ExplainRecorder::begin_segment(std::uint32_t segment) {
    writer_.begin_object().member("segment", ruleset_.segments[segment]->key);
    frames_.push_back({true, segment, &ruleset_.segments[segment]->conditions, &text_of(true, segment)});
}

void ExplainRecorder::end_segment(bool member) {
    if (frame().rule != no_rule) {
        end_when(member);
        end_rule();
    }
    if (frame().has_steps) writer_.end_array();
    frames_.pop_back();
    writer_.member("holds", member).end_object();
}

}  // namespace fanion::eval
