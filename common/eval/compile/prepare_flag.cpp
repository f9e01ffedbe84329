#include <unordered_map>

#include "common/eval/compile/condition_builder.hpp"
#include "common/eval/compile/prepare.hpp"
#include "common/model/json.hpp"

namespace fanion::eval {
namespace {

class FlagBuilder {
public:
    FlagBuilder(const model::Flag& flag, ItemFindings& findings)
        : flag_(flag),
          findings_(findings),
          out_(std::make_shared<PreparedFlag>()),
          conditions_(out_->conditions, out_->segment_references, findings, flag.salt) {}

    std::shared_ptr<PreparedFlag> build() {
        out_->key = flag_.key;
        out_->version = flag_.version;
        out_->enabled = flag_.config.enabled;
        out_->client = flag_.client;
        out_->track = flag_.track;
        for (const auto& variation : flag_.variations) {
            indexes_.emplace(variation.key, static_cast<std::uint32_t>(out_->variations.size()));
            out_->variations.push_back({variation.key, variation.value});
        }
        if (flag_.config.off) out_->off = variation(*flag_.config.off, "/off");
        out_->prerequisites = flag_.config.prerequisites;
        add_targets();
        add_rules();
        out_->fallthrough = serve(flag_.config.fallthrough, "/fallthrough", false);
        const bool is_static =
            out_->prerequisites.empty() && out_->targets.empty() && out_->rules.empty() && out_->splits.empty();
        if (!out_->fallthrough.is_split())
            out_->fallthrough.reason = is_static ? Reason::static_value : Reason::default_value;
        out_->is_fixed = is_static || !out_->enabled;
        out_->fixed_reason = out_->enabled ? Reason::static_value : Reason::disabled;
        out_->fixed = out_->enabled ? out_->fallthrough.variation : out_->off;
        out_->reads_now = conditions_.reads_now();
        return out_;
    }

private:
    std::uint32_t variation(const std::string& key, const std::string& pointer) {
        const auto it = indexes_.find(key);
        if (it != indexes_.end()) return it->second;
        findings_.add(pointer, "unknown_reference", "there is no variation `" + key + "`");
        return no_variation;
    }

    void add_targets() {
        for (std::size_t i = 0; i < flag_.config.targets.size(); ++i) {
            const auto& target = flag_.config.targets[i];
            const auto pointer = "/targets/" + std::to_string(i);
            conditions_.add_list(target, pointer, Leaf::first_exit + 1 + static_cast<std::uint32_t>(i));
            out_->targets.push_back(variation(target.variation, pointer + "/variation"));
        }
        out_->first_rule_exit = 1 + static_cast<std::uint32_t>(out_->targets.size());
    }

    void add_rules() {
        const auto& rules = flag_.config.rules;
        if (rules.size() > limits::rules)
            return findings_.add("/rules", "limit", "a flag has at most " + std::to_string(limits::rules) + " rules");
        for (std::size_t i = 0; i < rules.size(); ++i) {
            const auto pointer = "/rules/" + std::to_string(i);
            const auto condition =
                conditions_.add_tree(rules[i].when, pointer + "/when",
                                     Leaf::first_exit + out_->first_rule_exit + static_cast<std::uint32_t>(i));
            if (i > 0) out_->rules.back().next = condition;
            out_->rules.push_back(
                {rules[i].id, condition, Leaf::first_exit, serve(rules[i].serve, pointer + "/serve", true)});
        }
        conditions_.finish();
    }

    PreparedServe serve(const model::Serve& serve, const std::string& pointer, bool in_rule) {
        PreparedServe prepared;
        if (const auto* fixed = std::get_if<model::ServeVariation>(&serve)) {
            prepared.variation = variation(fixed->variation, pointer + "/variation");
        } else {
            prepared.split = static_cast<std::uint32_t>(out_->splits.size());
            prepared.reason = Reason::split;
            add_split(std::get<model::Split>(serve), pointer + "/split", in_rule);
        }
        return prepared;
    }

    void add_split(const model::Split& split, const std::string& pointer, bool in_rule) {
        PreparedSplit prepared{conditions_.context_attribute(split.by, pointer + "/by"),
                               Bucketing(split.hash, split.salt.value_or(flag_.salt)),
                               {},
                               no_variation};
        const bool whole = add_ranges(split, pointer + "/ranges", prepared);
        if (!split.otherwise) {
            if (!whole)
                findings_.add(pointer, "bad_range",
                              "the ranges do not cover all slots: add ranges, or name a variation in `otherwise`");
        } else if (*split.otherwise != "next" || (!in_rule && indexes_.count("next") > 0)) {
            prepared.otherwise = variation(*split.otherwise, pointer + "/otherwise");
        } else if (!in_rule) {
            findings_.add(pointer + "/otherwise", "bad_range", "`next` is allowed in rules only");
        }
        out_->splits.push_back(std::move(prepared));
    }

    // Returns whether the ranges cover all slots.
    bool add_ranges(const model::Split& split, const std::string& pointer, PreparedSplit& prepared) {
        std::uint32_t previous_end = 0;
        std::uint32_t covered = 0;
        for (std::size_t i = 0; i < split.ranges.size(); ++i) {
            const auto& range = split.ranges[i];
            const auto place = pointer + "/" + std::to_string(i);
            if (range.from > range.to || range.to > limits::slots)
                findings_.add(place, "bad_range", "a range needs `from` <= `to` <= " + std::to_string(limits::slots));
            else if (range.from < previous_end)
                findings_.add(place, "bad_range", "ranges must be in ascending order and must not overlap");
            previous_end = range.to;
            covered += range.to - range.from;
            prepared.ranges.push_back({range.from, range.to, variation(range.variation, place + "/2")});
        }
        return covered == limits::slots;
    }

    const model::Flag& flag_;
    ItemFindings& findings_;
    std::shared_ptr<PreparedFlag> out_;
    ConditionBuilder conditions_;
    std::unordered_map<std::string, std::uint32_t> indexes_;  // of variations
};

}  // namespace

std::shared_ptr<const PreparedFlag> prepare_flag(std::string_view key, const Body& body, Findings& all) {
    ItemFindings findings(all, "flag/" + std::string(key));
    const auto flag = read_item(*body, limits::flag_bytes, findings,
                                [](json::Reader& r) { return model::read_flag(r, model::UnknownFields::ignore); });
    if (!flag) return nullptr;
    if (flag->key != key) findings.add("/key", "malformed", "does not equal the item's key");
    auto prepared = FlagBuilder(*flag, findings).build();
    if (!findings.clean()) return nullptr;
    prepared->body = body;
    return prepared;
}

}  // namespace fanion::eval
