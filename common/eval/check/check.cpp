#include "common/eval/check/check.hpp"

#include <unordered_map>

#include "common/eval/check/client_rules.hpp"
#include "common/eval/check/flag_check.hpp"
#include "common/eval/check/segment_check.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {
namespace {

constexpr std::string_view flag_prefix = "flag/";
constexpr std::string_view segment_prefix = "segment/";

std::vector<Warning> check_one(checks::Catalog& catalog, std::string_view item) {
    checks::Report report{std::string(item)};
    if (item.starts_with(flag_prefix)) {
        const auto* flag = catalog.flag(std::string(item.substr(flag_prefix.size())));
        if (flag != nullptr) checks::FlagCheck(*flag, catalog, report).run();
        if (flag != nullptr) checks::check_client_rules(*flag, catalog, report);
    } else if (item.starts_with(segment_prefix)) {
        const auto* segment = catalog.segment(std::string(item.substr(segment_prefix.size())));
        if (segment != nullptr) checks::check_segment(*segment, catalog, report);
    }
    return report.take();
}

// The items of a ruleset in plain form, with the pointer to each.
struct Plain {
    std::vector<Item> items;
    std::unordered_map<std::string, std::string> places;  // item key -> pointer; items' keys are views into it

    void add(json::Value list, std::string_view name, std::string_view prefix) {
        if (!list) return;
        std::size_t index = 0;
        for (const auto element : list.elements()) {
            const auto key = std::string(prefix) + std::string(element.find("key").as_string());
            const auto it = places.emplace(key, checks::place(name, index++)).first;
            items.push_back({it->first, std::make_shared<const std::string>(element.to_text())});
        }
    }
};

}  // namespace

std::vector<Warning> check(std::span<const Item> items) {
    checks::Catalog catalog(items);
    std::vector<Warning> all;
    for (const auto& item : items) {
        auto found = check_one(catalog, item.key);
        all.insert(all.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    }
    return all;
}

std::vector<Warning> check_item(std::span<const Item> items, std::string_view item_key,
                                std::shared_ptr<const model::Segment> segment) {
    checks::Catalog catalog(items);
    if (segment != nullptr) catalog.know(segment->key, segment);
    return check_one(catalog, item_key);
}

std::vector<Warning> check_client_loss(std::span<const Item> before, std::span<const Item> after,
                                       std::string_view item_key, std::shared_ptr<const model::Segment> segment) {
    if (!item_key.starts_with(flag_prefix) && !item_key.starts_with(segment_prefix)) return {};
    checks::Catalog was(before);
    checks::Catalog is(after);
    if (segment != nullptr) is.know(segment->key, segment);
    checks::Report report{std::string(item_key)};
    checks::check_client_loss(item_key, was, is, report);
    return report.take();
}

Result<std::vector<Warning>> check_plain(std::string_view text) {
    if (auto compiled = compile_plain(text); !compiled) return compiled.error();
    json::Document document;
    json::ScanLimits scan;
    scan.bytes = limits::environment_bytes;
    if (auto parsed = document.parse(text, scan); !parsed) return parsed.error();
    Plain plain;
    plain.add(document.root().find("flags"), "/flags", flag_prefix);
    plain.add(document.root().find("segments"), "/segments", segment_prefix);
    auto warnings = check(plain.items);
    for (auto& warning : warnings) warning.pointer.insert(0, plain.places.at(warning.item));
    return warnings;
}

}  // namespace fanion::eval
