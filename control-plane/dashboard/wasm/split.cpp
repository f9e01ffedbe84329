// The ranges of a split, as the control plane lays them out.

#include "common/json/reader.hpp"
#include "common/json/tree.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/dashboard/wasm/workbench.h"
#include "control-plane/flags/split_weights.hpp"
#include "sdk/c/c_objects.hpp"

namespace {

using namespace fanion;
using namespace fanion::c_api;
using json::Tree;

constexpr std::string_view rule_id = "rule";
constexpr std::string_view rule_place = "/rules/0/serve";

// A configuration of one rule, which serves `serve`.
Tree config_with(Tree serve) {
    auto rule = Tree::object();
    rule.set("id", Tree::string(std::string(rule_id))).set("serve", std::move(serve));
    return Tree::object().set("rules", Tree::array({std::move(rule)}));
}

// The variations of a split's weights. Whether the flag has them is checked with its configuration.
std::vector<model::Variation> variations_of(const Tree& wanted) {
    std::vector<model::Variation> variations;
    const auto* split = wanted.find("split");
    const auto* weights = split == nullptr ? nullptr : split->find("weights");
    if (weights == nullptr || !weights->is(json::Kind::array)) return variations;
    for (const auto& weight : weights->elements()) {
        const auto* key = weight.find("variation");
        if (key != nullptr && key->is(json::Kind::string)) variations.push_back({key->as_string(), "null"});
    }
    return variations;
}

Result<model::FlagConfig> read_present(std::string_view text) {
    json::Document document;
    if (auto parsed = document.parse(text, cp::body::composed_limits()); !parsed) return parsed.error();
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    model::FlagConfig config;
    config.rules.push_back({std::string(rule_id), {}, model::read_serve(r, json::UnknownFields::ignore)});
    if (!findings.empty()) return Error{Errc::unprocessable, "`present` serves nothing", std::move(findings)};
    return config;
}

// Replaces the weights of `config`, and returns the ranges as JSON.
Result<std::string> lay_out(Tree config, const cp::flags::WeightsContext& context) {
    std::vector<Finding> findings;
    cp::flags::replace_weights(config, context, findings);
    for (auto& finding : findings) finding.pointer.erase(0, rule_place.size());
    if (!findings.empty()) return Error{Errc::unprocessable, findings.front().detail, std::move(findings)};
    const auto* split = config.find("rules")->elements().front().find("serve")->find("split");
    return Tree::object().set("ranges", *split->find("ranges")).to_text();
}

}  // namespace

fanion_status fanion_split_ranges(const char* present, size_t present_size, const char* wanted, size_t wanted_size,
                                  const char* salt, size_t salt_size, fanion_reply* reply) {
    return guarded(reply, [&] {
        if (reply == nullptr || !is_readable(present, present_size) || !is_readable(wanted, wanted_size) ||
            !is_readable(salt, salt_size))
            return refuse_argument(reply, "an argument is NULL");
        auto serve = Tree::parse(view(wanted, wanted_size), cp::body::composed_limits());
        if (!serve) return refuse_ruleset(reply, serve.error());
        const auto* split = serve->find("split");
        if (split == nullptr || split->find("weights") == nullptr)
            return refuse_ruleset(reply, {Errc::unprocessable,
                                          "there are no weights",
                                          {{"", "/split/weights", "missing", "there are no weights"}}});
        model::FlagConfig held;
        if (present_size != 0) {
            auto read = read_present(view(present, present_size));
            if (!read) return refuse_ruleset(reply, read.error());
            held = std::move(*read);
        }
        cp::flags::FlagDefinition definition;
        definition.salt = view(salt, salt_size);
        definition.variations = variations_of(*serve);
        auto ranges = lay_out(config_with(std::move(*serve)), {definition, &held, ""});
        if (!ranges) return refuse_ruleset(reply, ranges.error());
        reply->text = std::move(*ranges);
        return FANION_OK;
    });
}
