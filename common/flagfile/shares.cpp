#include "common/flagfile/shares.hpp"

#include <set>
#include <utility>

#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/model/percent.hpp"

namespace fanion::flagfile {
namespace {

using json::Kind;
using json::Tree;

// Laid out one behind the other: a file says how much, not which slots.
void expand_split(Tree& split, const std::string& pointer, std::vector<Finding>& findings) {
    const auto* weights = split.find("weights");
    if (split.find("ranges") != nullptr || weights == nullptr) {
        findings.push_back({"", pointer, "malformed", "a split has `weights`, in percent"});
        return;
    }
    const auto document = json::to_document(split, {.bytes = limits::composed_bytes});
    if (!document) return;
    json::Reader r(document->root(), findings, pointer);
    Tree::Elements ranges;
    std::set<std::string> seen;
    std::uint64_t from = 0;
    for (auto& place : r.array("weights")) {
        const auto variation = place.string("variation");
        const auto weight = place.any("weight");
        place.finish(json::UnknownFields::refuse);
        const auto slots =
            weight && weight.is(Kind::number) ? model::slots_of_percent(weight.number_text()) : std::nullopt;
        if (weight && !slots)
            place.fail_at("weight", "bad_weight", "a weight is 0 to 100 (percent) with at most three decimals");
        if (!seen.insert(variation).second)
            place.fail_at("variation", "duplicate", "`" + variation + "` has a weight already");
        const auto to = from + slots.value_or(0);
        if (from < to && to <= limits::slots)
            ranges.push_back(Tree::array({Tree::number(from), Tree::number(to), Tree::string(variation)}));
        from = to;
    }
    const auto* otherwise = split.find("otherwise");
    const bool has_rest = otherwise != nullptr && otherwise->is(Kind::string);
    if (from > limits::slots || (from < limits::slots && !has_rest))
        r.fail_at("weights", "bad_weight",
                  "the weights add up to " + std::to_string(from / 1000) +
                      " %; they add up to 100 %, or to less with `otherwise`");
    split.remove("weights");
    split.set("ranges", Tree::array(std::move(ranges)));
}

void expand_serve(Tree* serve, const std::string& pointer, std::vector<Finding>& findings) {
    auto* split = serve != nullptr ? serve->find("split") : nullptr;
    if (split != nullptr && split->is(Kind::object)) expand_split(*split, pointer + "/split", findings);
}

}  // namespace

std::map<std::string, std::uint32_t> shares_of(const model::Split& split) {
    std::map<std::string, std::uint32_t> shares;
    std::uint32_t rest = limits::slots;
    for (const auto& range : split.ranges) {
        if (range.to <= range.from || range.to - range.from > rest) continue;
        shares[range.variation] += range.to - range.from;
        rest -= range.to - range.from;
    }
    if (rest > 0) shares[split.otherwise.value_or("")] += rest;
    return shares;
}

bool same_serve(const model::Serve& a, const model::Serve& b, const std::string& salt) {
    if (a.index() != b.index()) return false;
    if (std::holds_alternative<model::ServeVariation>(a)) return a == b;
    const auto& one = std::get<model::Split>(a);
    const auto& other = std::get<model::Split>(b);
    return one.by == other.by && one.salt.value_or(salt) == other.salt.value_or(salt) && one.hash == other.hash &&
           shares_of(one) == shares_of(other);
}

Tree tree_of(const model::Serve& serve) {
    if (const auto* fixed = std::get_if<model::ServeVariation>(&serve))
        return Tree::object().set("variation", Tree::string(fixed->variation));
    const auto& split = std::get<model::Split>(serve);
    auto out = Tree::object();
    if (split.by != "targetingKey") out.set("by", Tree::string(split.by));
    if (split.salt) out.set("salt", Tree::string(*split.salt));
    if (split.hash != model::Hash::murmur3) out.set("hash", Tree::string(std::string(model::name_of(split.hash))));
    auto weights = Tree::array();
    for (const auto& [variation, slots] : shares_of(split)) {
        if (split.otherwise == variation) continue;
        weights.elements().push_back(Tree::object()
                                         .set("variation", Tree::string(variation))
                                         .set("weight", Tree::parse(model::percent_of_slots(slots)).value()));
    }
    out.set("weights", std::move(weights));
    if (split.otherwise) out.set("otherwise", Tree::string(*split.otherwise));
    return Tree::object().set("split", std::move(out));
}

void expand_weights(Tree& config, const std::string& pointer, std::vector<Finding>& findings) {
    expand_serve(config.find("fallthrough"), pointer + "/fallthrough", findings);
    auto* rules = config.find("rules");
    if (rules == nullptr || !rules->is(Kind::array)) return;
    std::size_t index = 0;
    for (auto& rule : rules->elements()) {
        const auto place = pointer + "/rules/" + std::to_string(index++) + "/serve";
        expand_serve(rule.find("serve"), place, findings);
    }
}

}  // namespace fanion::flagfile
