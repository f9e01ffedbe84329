#include "control-plane/publish/plain_ruleset.hpp"

#include <set>
#include <string_view>
#include <utility>

#include "common/json/writer.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/body/references.hpp"

namespace fanion::cp::publish {
namespace {

body::References references_of_item(std::string_view key, std::string_view text) {
    return body::read_stored(text, [&](json::Reader& r) {
        if (key.starts_with("flag/")) {
            return body::references_of(model::read_flag(r, json::UnknownFields::ignore).config);
        }
        return body::references_of(model::read_segment(r, json::UnknownFields::ignore));
    });
}

// The keys of items that are reached from `wanted`, themselves among them.
std::set<std::string, std::less<>> closure_of(const wire::ItemSet& items, std::vector<std::string> wanted) {
    std::set<std::string, std::less<>> reached;
    while (!wanted.empty()) {
        const auto key = std::move(wanted.back());
        wanted.pop_back();
        const auto item = items.items().find(key);
        if (item == items.items().end() || !reached.insert(key).second) continue;
        const auto found = references_of_item(key, *item->second.body);
        for (const auto& flag : found.flags) wanted.push_back("flag/" + flag);
        for (const auto& segment : found.segments) wanted.push_back("segment/" + segment);
    }
    return reached;
}

}  // namespace

PlainRuleset plain_ruleset(const wire::ItemSet& items, const std::optional<std::vector<std::string>>& flags) {
    PlainRuleset out;
    std::optional<std::set<std::string, std::less<>>> reached;
    if (flags) {
        std::vector<std::string> wanted;
        for (const auto& flag : *flags) {
            wanted.push_back("flag/" + flag);
            if (!items.items().contains(wanted.back())) out.missing.push_back(flag);
        }
        reached = closure_of(items, std::move(wanted));
    }
    json::Writer w(out.text);
    const auto write_all = [&](std::string_view prefix) {
        w.begin_array();
        for (const auto& [key, item] : items.items()) {
            if (key.starts_with(prefix) && (!reached || reached->contains(key))) w.raw(*item.body);
        }
        w.end_array();
    };
    w.begin_object().key("flags");
    write_all("flag/");
    w.key("segments");
    write_all("segment/");
    w.end_object();
    return out;
}

}  // namespace fanion::cp::publish
