#include "common/eval/explain_recorder.hpp"

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

// A flag whose result was known already has no steps to show.
void ExplainRecorder::begin_steps() {
    if (std::exchange(frame().has_steps, true)) return;
    writer_.key("steps").begin_array();
}

void ExplainRecorder::begin_flag(std::uint32_t flag) {
    frames_.push_back({.is_segment = false, .index = flag, .text = &text_of(false, flag)});
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

void ExplainRecorder::list(const ListSeen& seen) {
    begin_steps();
    writer_.begin_object();
    if (seen.kind == ListSeen::Kind::target) {
        const auto& target = flag().targets[seen.number];
        writer_.member("step", "target").member("attribute", flag().conditions.attributes[target.attribute].text);
        variation("variation", target.variation);
    } else {
        const auto& segment = *ruleset_.segments[frame().index];
        const bool included = seen.kind == ListSeen::Kind::included;
        const auto& list = (included ? segment.included : segment.excluded)[seen.number];
        writer_.member("step", included ? "included" : "excluded");
        writer_.member("attribute", segment.conditions.attributes[list.attribute].text);
    }
    write_value(writer_, "value", seen.value);
    writer_.member("holds", seen.listed).end_object();
}

void ExplainRecorder::begin_rule(std::size_t number, std::uint32_t condition) {
    begin_steps();
    frame().text->enter_rule(number, condition);
    frame().serve = frame().text->serve(number);
    writer_.begin_object().member("step", "rule");
    if (frame().is_segment)
        writer_.member("rule", std::uint64_t{number});
    else
        writer_.member("rule", flag().rules[number].id);
    writer_.key("when");
}

void ExplainRecorder::end_when(bool holds) { writer_.member("holds", holds); }
void ExplainRecorder::end_rule() { writer_.end_object(); }
void ExplainRecorder::begin_fallthrough() {
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

void ExplainRecorder::begin_node(const ConditionNode& node, std::uint32_t at) {
    writer_.begin_object();
    switch (node.kind) {
        case ConditionNode::Kind::all:
            writer_.key("all").begin_array();
            break;
        case ConditionNode::Kind::any:
            writer_.key("any").begin_array();
            break;
        case ConditionNode::Kind::negation:
            writer_.key("not");
            break;
        default:
            members_of(frame().text->condition(at));
            if (node.kind == ConditionNode::Kind::segment) writer_.key("segments").begin_array();
            break;
    }
}

void ExplainRecorder::value(json::Value value) { write_value(writer_, "value", value); }
void ExplainRecorder::now(UnixMillis now) { writer_.member("value", std::int64_t{now}); }
void ExplainRecorder::bucket(std::optional<std::string_view> unit, std::uint32_t slot) {
    write_unit(writer_, unit, slot);
}

void ExplainRecorder::end_node(const ConditionNode& node, bool holds) {
    const bool is_list = node.kind == ConditionNode::Kind::all || node.kind == ConditionNode::Kind::any ||
                         node.kind == ConditionNode::Kind::segment;
    if (is_list) writer_.end_array();
    writer_.member("holds", holds).end_object();
}

void ExplainRecorder::begin_segment(std::uint32_t segment) {
    writer_.begin_object().member("segment", ruleset_.segments[segment]->key);
    frames_.push_back({.is_segment = true, .index = segment, .text = &text_of(true, segment)});
}

void ExplainRecorder::end_segment(bool member, bool) {
    if (frame().has_steps) writer_.end_array();
    frames_.pop_back();
    writer_.member("holds", member).end_object();
}

}  // namespace fanion::eval
