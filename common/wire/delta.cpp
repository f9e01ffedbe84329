#include "common/wire/delta.hpp"

#include <memory>
#include <set>
#include <utility>

#include "common/wire/envelope.hpp"

namespace fanion::wire {
namespace {

Error bad_line(std::size_t number, const std::string& what) {
    return Error{Errc::invalid_input, "item line " + std::to_string(number) + " " + what};
}

Result<> apply_line(ItemSet& items, const ItemLine& line, std::size_t number, bool whole, Redacted redacted) {
    switch (line.kind) {
        case ItemLine::Kind::redacted:
            if (redacted == Redacted::refused) return bad_line(number, "is redacted");
            items.put_redacted(line.key, line.hash);
            return {};
        case ItemLine::Kind::tombstone:
            if (whole) return bad_line(number, "is a tombstone in a full ruleset");
            items.erase(line.key);
            return {};
        case ItemLine::Kind::body:
            items.put(line.key, std::make_shared<const std::string>(line.body));
            return {};
    }
    return {};
}

}  // namespace

std::vector<ItemChange> changes_between(const ItemSet& from, const ItemSet& to) {
    std::vector<ItemChange> changes;
    auto old = from.items().begin();
    const auto old_end = from.items().end();
    for (const auto& [key, item] : to.items()) {
        for (; old != old_end && old->first < key; ++old) changes.push_back({old->first, nullptr});
        const bool known = old != old_end && old->first == key;
        if (!known || old->second.hash != item.hash) changes.push_back({key, item.body});
        if (known) ++old;
    }
    for (; old != old_end; ++old) changes.push_back({old->first, nullptr});
    return changes;
}

void apply_changes(ItemSet& items, const std::vector<ItemChange>& changes) {
    for (const auto& change : changes) {
        if (change.body) {
            items.put(change.key, change.body);
        } else {
            items.erase(change.key);
        }
    }
}

void append_changes(std::string& out, const std::vector<ItemChange>& changes) {
    for (const auto& change : changes) {
        if (change.body) {
            append_item_line(out, change.key, *change.body);
        } else {
            append_tombstone_line(out, change.key);
        }
    }
}

Result<> apply_item_lines(ItemSet& items, std::string_view lines, bool whole, Redacted redacted) {
    std::set<std::string_view> seen;
    for (std::size_t number = 2; !lines.empty(); ++number) {
        const auto end = lines.find('\n');
        if (end == std::string_view::npos) return bad_line(number, "does not end with LF");
        const auto line = parse_item_line(lines.substr(0, end));
        if (!line) return bad_line(number, line.error().detail);
        if (!seen.insert(line->key).second) return bad_line(number, "repeats the key of an earlier line");
        if (auto applied = apply_line(items, *line, number, whole, redacted); !applied) return applied.error();
        lines.remove_prefix(end + 1);
    }
    return {};
}

}  // namespace fanion::wire
