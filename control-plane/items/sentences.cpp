#include "control-plane/items/sentences.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <unordered_set>
#include <utility>

#include "common/base/text.hpp"
#include "common/rule/text.hpp"

namespace fanion::cp::items {
namespace {

constexpr std::size_t quoted_bytes = 100;
constexpr std::size_t condition_bytes = 200;
constexpr std::size_t listed = 5;

using Key = std::pair<std::string_view, std::string_view>;  // attribute, variation

struct Values {
    std::vector<std::string_view> in_order;
    std::unordered_set<std::string_view> all;
};
using ValuesByKey = std::map<Key, Values>;

// Adds new keys to `keys`, in the order of the list.
ValuesByKey by_key(const std::vector<model::Target>& targets, std::vector<Key>& keys, std::set<Key>& seen) {
    ValuesByKey found;
    for (const auto& target : targets) {
        const Key key(target.attribute, target.variation);
        if (seen.insert(key).second) keys.push_back(key);
        auto& values = found[key];
        for (const auto& value : target.values)
            if (values.all.insert(value).second) values.in_order.push_back(value);
    }
    return found;
}

std::vector<std::string> missing_in(const ValuesByKey& others, const ValuesByKey& list, const Key& key) {
    std::vector<std::string> missing;
    const auto held = list.find(key);
    if (held == list.end()) return missing;
    const auto other = others.find(key);
    for (const auto value : held->second.in_order)
        if (other == others.end() || !other->second.all.contains(value)) missing.emplace_back(value);
    return missing;
}

}  // namespace

std::string quoted(std::string_view text) { return '`' + shortened(text, quoted_bytes) + '`'; }

std::string quoted_list(const std::vector<std::string>& texts) {
    const bool is_cut = texts.size() > listed + 1;
    const auto shown = is_cut ? listed : texts.size();
    std::string out;
    for (std::size_t i = 0; i < shown; ++i) {
        const bool is_last = !is_cut && i + 1 == shown;
        if (i > 0) out += is_last ? " and " : ", ";
        out += quoted(texts[i]);
    }
    return is_cut ? out + " and " + std::to_string(texts.size() - shown) + " more" : out;
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

namespace {

std::vector<std::string> without(const std::vector<std::string>& list, const std::vector<std::string>& others) {
    std::vector<std::string> left;
    for (const auto& text : list)
        if (std::find(others.begin(), others.end(), text) == others.end()) left.push_back(text);
    return left;
}

}  // namespace

void describe_tags(std::vector<std::string>& out, const std::vector<std::string>& before,
                   const std::vector<std::string>& after) {
    const auto added = without(after, before);
    const auto removed = without(before, after);
    if (!added.empty()) out.push_back("Adds the tags " + quoted_list(added) + ".");
    if (!removed.empty()) out.push_back("Removes the tags " + quoted_list(removed) + ".");
    if (added.empty() && removed.empty() && before != after) out.push_back("Changes the order of the tags.");
}

void describe_text(std::vector<std::string>& out, std::string_view what, const std::string& before,
                   const std::string& after) {
    if (before == after) return;
    if (before.empty()) {
        out.push_back("Sets the " + std::string(what) + " to " + quoted(after) + ".");
    } else if (after.empty()) {
        out.push_back("Removes the " + std::string(what) + " " + quoted(before) + ".");
    } else {
        out.push_back("Changes the " + std::string(what) + " to " + quoted(after) + " from " + quoted(before) + ".");
    }
}

std::string condition_text(const model::Condition& condition) {
    return shortened(rule::print(condition), condition_bytes);
}

std::vector<std::string> in_environment(const std::string& environment, std::vector<std::string> sentences) {
    for (auto& sentence : sentences) {
        const bool is_word = sentence.size() > 1 && std::islower(static_cast<unsigned char>(sentence[1])) != 0;
        if (is_word) sentence[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(sentence[0])));
        sentence.insert(0, "In " + environment + ": ");
    }
    return sentences;
}

std::vector<ValueChange> value_changes(const std::vector<model::Target>& before,
                                       const std::vector<model::Target>& after) {
    std::vector<Key> keys;
    std::set<Key> seen;
    const auto wanted = by_key(after, keys, seen);
    const auto held = by_key(before, keys, seen);
    std::vector<ValueChange> changes;
    for (const auto& key : keys) {
        ValueChange change{std::string(key.first), std::string(key.second), missing_in(held, wanted, key),
                           missing_in(wanted, held, key)};
        if (!change.added.empty() || !change.removed.empty()) changes.push_back(std::move(change));
    }
    return changes;
}

std::string by_attribute(std::string_view attribute) {
    return attribute == "targetingKey" ? std::string() : " by " + quoted(attribute);
}

// Those outside a longest increasing subsequence of the places that they had before.
std::vector<std::string> moved_elements(const std::vector<std::string>& before, const std::vector<std::string>& after) {
    std::map<std::string_view, std::size_t> place;
    for (std::size_t i = 0; i < before.size(); ++i) place[before[i]] = i;
    std::vector<const std::string*> common;
    for (const auto& element : after)
        if (place.contains(element)) common.push_back(&element);
    std::vector<std::size_t> length(common.size(), 1);
    std::vector<std::size_t> previous(common.size(), common.size());
    std::size_t best = common.size();
    for (std::size_t i = 0; i < common.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (place[*common[j]] > place[*common[i]] || length[j] < length[i]) continue;
            length[i] = length[j] + 1;
            previous[i] = j;
        }
        if (best == common.size() || length[i] > length[best]) best = i;
    }
    std::vector<bool> stays(common.size(), false);
    for (auto at = best; at < common.size(); at = previous[at]) stays[at] = true;
    std::vector<std::string> moved;
    for (std::size_t i = 0; i < common.size(); ++i)
        if (!stays[i]) moved.push_back(*common[i]);
    return moved;
}

}  // namespace fanion::cp::items
