#include "control-plane/flags/split_weights.hpp"

#include <algorithm>
#include <set>

#include "common/eval/rollout/ranges.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/model/percent.hpp"

namespace fanion::cp::flags {
namespace {

using json::Kind;
using json::Value;

Value member(Value value, std::string_view name) {
    return value && value.is(Kind::object) ? value.find(name) : Value();
}

bool has_weights(Value serve) { return static_cast<bool>(member(member(serve, "split"), "weights")); }

std::optional<std::string> text_of(Value value) {
    return value && value.is(Kind::string) ? std::optional(std::string(value.as_string())) : std::nullopt;
}

bool has_variation(const FlagDefinition& definition, std::string_view key) {
    return std::any_of(definition.variations.begin(), definition.variations.end(),
                       [key](const model::Variation& variation) { return variation.key == key; });
}

// Who has which slots now; nothing where that says nothing about the split to come.
std::optional<eval::SlotPlan> plan_of(const model::Serve* present, Value split, bool in_rule, std::string_view salt) {
    if (present == nullptr) return std::nullopt;
    if (const auto* fixed = std::get_if<model::ServeVariation>(present)) return eval::SlotPlan{{}, fixed->variation};
    const auto& held = std::get<model::Split>(*present);
    const bool same =
        text_of(member(split, "by")).value_or("targetingKey") == held.by &&
        text_of(member(split, "salt")).value_or(std::string(salt)) == held.salt.value_or(std::string(salt)) &&
        text_of(member(split, "hash")).value_or("murmur3") == model::name_of(held.hash);
    if (!same) return std::nullopt;
    const bool goes_on = in_rule && held.otherwise == "next";
    return eval::SlotPlan{held.ranges, goes_on ? std::nullopt : held.otherwise};
}

class WeightsReader {
public:
    WeightsReader(const WeightsContext& context, std::vector<Finding>& findings)
        : context_(context), findings_(findings) {}

    std::string config(Value config) {
        writer_.begin_object();
        for (const auto part : config.members()) {
            writer_.key(part.name);
            if (part.name == "rules" && part.value.is(Kind::array))
                rules(part.value);
            else if (part.name == "fallthrough" && has_weights(part.value))
                serve(part.value, present_fallthrough(), false, context_.pointer + "/fallthrough");
            else
                writer_.raw(part.value.to_text());
        }
        writer_.end_object();
        return std::move(out_);
    }

private:
    const model::Serve* present_fallthrough() const {
        return context_.present ? &context_.present->fallthrough : nullptr;
    }
    const model::Serve* present_rule(Value id) const {
        if (!context_.present || !id || !id.is(Kind::string)) return nullptr;
        for (const auto& rule : context_.present->rules)
            if (rule.id == id.as_string()) return &rule.serve;
        return nullptr;
    }

    void rules(Value list) {
        std::size_t index = 0;
        writer_.begin_array();
        for (const auto rule : list.elements()) {
            const auto pointer = context_.pointer + "/rules/" + std::to_string(index++);
            if (has_weights(member(rule, "serve")))
                this->rule(rule, pointer);
            else
                writer_.raw(rule.to_text());
        }
        writer_.end_array();
    }

    void rule(Value rule, const std::string& pointer) {
        writer_.begin_object();
        for (const auto part : rule.members()) {
            writer_.key(part.name);
            if (part.name == "serve")
                serve(part.value, present_rule(rule.find("id")), true, pointer + "/serve");
            else
                writer_.raw(part.value.to_text());
        }
        writer_.end_object();
    }

    void serve(Value serve, const model::Serve* present, bool in_rule, const std::string& pointer) {
        writer_.begin_object();
        for (const auto part : serve.members()) {
            writer_.key(part.name);
            if (part.name == "split")
                split(part.value, present, in_rule, pointer + "/split");
            else
                writer_.raw(part.value.to_text());
        }
        writer_.end_object();
    }

    void split(Value split, const model::Serve* present, bool in_rule, const std::string& pointer) {
        if (split.find("ranges")) add(pointer + "/weights", "malformed", "give `weights` or `ranges`, not both");
        const auto shares = read_shares(split, pointer);
        const auto otherwise = text_of(split.find("otherwise"));
        const bool goes_on = in_rule && otherwise == "next";
        const auto ranges = eval::lay_out(plan_of(present, split, in_rule, context_.definition.salt), shares,
                                          goes_on ? std::nullopt : otherwise);
        writer_.begin_object();
        for (const auto part : split.members())
            if (part.name != "weights" && part.name != "ranges") writer_.key(part.name).raw(part.value.to_text());
        writer_.key("ranges").begin_array();
        for (const auto& range : ranges)
            writer_.begin_array()
                .unsigned_integer(range.from)
                .unsigned_integer(range.to)
                .string(range.variation)
                .end_array();
        writer_.end_array().end_object();
    }

    // Empty when there is a finding.
    std::vector<eval::Share> read_shares(Value split, const std::string& pointer) {
        const auto before = findings_.size();
        json::Reader r(split, findings_, pointer);
        std::vector<eval::Share> shares;
        std::set<std::string> seen;
        std::uint64_t sum = 0;
        for (auto& place : r.array("weights")) {
            auto share = read_share(place);
            if (!share.variation.empty() && !seen.insert(share.variation).second)
                place.fail_at("variation", "duplicate", "`" + share.variation + "` has a weight already");
            sum += share.slots;
            shares.push_back(std::move(share));
        }
        if (sum > limits::slots)
            r.fail_at("weights", "bad_weight",
                      "the weights add up to " + percent(sum) + " %, which is more than 100 %");
        return findings_.size() == before ? shares : std::vector<eval::Share>();
    }

    eval::Share read_share(json::Reader& place) const {
        eval::Share share;
        share.variation = place.string("variation");
        if (!share.variation.empty() && !has_variation(context_.definition, share.variation))
            place.fail_at("variation", "unknown_reference", "there is no variation `" + share.variation + "`");
        const auto weight = place.any("weight");
        const auto slots =
            weight && weight.is(Kind::number) ? model::slots_of_percent(weight.number_text()) : std::nullopt;
        if (weight && !slots)
            place.fail_at("weight", "bad_weight",
                          "a weight is a number from 0 to 100 (percent) with at most three decimals");
        share.slots = slots.value_or(0);
        place.finish(json::UnknownFields::refuse);
        return share;
    }

    // A body has room for more slots than a percentage has, hence not percent_of_slots().
    static std::string percent(std::uint64_t slots) {
        const auto rest = model::percent_of_slots(static_cast<std::uint32_t>(slots % 1000));
        return std::to_string(slots / 1000) + (rest.size() > 1 ? rest.substr(1) : "");
    }

    void add(const std::string& pointer, std::string_view code, std::string detail) {
        findings_.push_back({"", pointer, std::string(code), std::move(detail)});
    }

    const WeightsContext& context_;
    std::vector<Finding>& findings_;
    std::string out_;
    json::Writer writer_{out_};
};

bool any_weights(Value config) {
    if (has_weights(member(config, "fallthrough"))) return true;
    const auto rules = member(config, "rules");
    if (!rules || !rules.is(Kind::array)) return false;
    for (const auto rule : rules.elements())
        if (has_weights(member(rule, "serve"))) return true;
    return false;
}

// `value` with `replacement` (JSON) for its member `name`, which is added where it has none.
std::string with_member(Value value, std::string_view name, std::string_view replacement) {
    std::string out;
    json::Writer w(out);
    w.begin_object();
    for (const auto part : value.members())
        if (part.name != name) w.key(part.name).raw(part.value.to_text());
    w.key(name).raw(replacement).end_object();
    return out;
}

}  // namespace

std::optional<std::string> with_ranges(Value config, const WeightsContext& context, std::vector<Finding>& findings) {
    if (!any_weights(config)) return std::nullopt;
    return WeightsReader(context, findings).config(config);
}

std::string patch_without_ranges(Value patch) {
    const auto fallthrough = member(patch, "fallthrough");
    const auto split = member(fallthrough, "split");
    if (!has_weights(fallthrough) || split.find("ranges")) return patch.to_text();
    const auto changed = with_member(fallthrough, "split", with_member(split, "ranges", "null"));
    return with_member(patch, "fallthrough", changed);
}

}  // namespace fanion::cp::flags
