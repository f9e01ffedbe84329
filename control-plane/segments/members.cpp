#include "control-plane/segments/members.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/items/item_page.hpp"

namespace fanion::cp::segments {
namespace {

using Values = std::unordered_set<std::string_view>;

constexpr std::size_t most_counts = 100;

const std::vector<model::Target>& lists_of(const model::Segment& segment, MemberSide side) {
    return side == MemberSide::included ? segment.included : segment.excluded;
}

std::vector<model::Target>& lists_of(model::Segment& segment, MemberSide side) {
    return side == MemberSide::included ? segment.included : segment.excluded;
}

// Calls `use` with each value of the list, in order.
template <class Use>
void for_each_member(const model::Segment& segment, const MemberList& list, const Use& use) {
    for (const auto& target : lists_of(segment, list.side)) {
        if (target.attribute != list.attribute) continue;
        for (const auto& value : target.values) use(value);
    }
}

// Those of `wanted` that the list has.
Values held_of(const model::Segment& segment, const MemberList& list, const Values& wanted) {
    Values held;
    for_each_member(segment, list, [&](const std::string& value) {
        if (const auto found = wanted.find(value); found != wanted.end()) held.insert(*found);
    });
    return held;
}

// The operations of a JSON Patch, as long as they are few.
class PatchText {
public:
    explicit PatchText(MemberSide side) : pointer_('/' + std::string(name_of(side)) + '/') {}

    void remove_value(std::size_t list, std::size_t index) {
        begin("remove", std::to_string(list) + "/values/" + std::to_string(index));
    }
    void remove_list(std::size_t list) { begin("remove", std::to_string(list)); }
    void add_value(std::size_t list, std::string_view value) {
        begin("add", std::to_string(list) + "/values/-");
        if (!is_full()) value_of([&](json::Writer& w) { w.string(value); });
    }
    void add_value_at(std::size_t list, std::size_t index, std::string_view value) {
        begin("add", std::to_string(list) + "/values/" + std::to_string(index));
        if (!is_full()) value_of([&](json::Writer& w) { w.string(value); });
    }
    void add_list(const model::Target& target) {
        begin("add", "-");
        value_of([&](json::Writer& w) {
            w.begin_object().member("attribute", target.attribute).key("values").begin_array();
            for (const auto& value : target.values) w.string(value);
            w.end_array().end_object();
        });
    }
    static constexpr std::size_t most_operations = 1000;

    bool is_full() const noexcept { return operations_ > most_operations; }
    std::string take() && { return is_full() ? std::string() : std::move(text_); }

private:
    void begin(std::string_view op, const std::string& below) {
        if (++operations_ > most_operations) return;
        if (!text_.empty()) text_ += ',';
        json::Writer w(text_);
        w.begin_object().member("op", op).member("path", pointer_ + below).end_object();
    }
    template <class Write>
    void value_of(const Write& write) {
        text_.back() = ',';
        text_ += "\"value\":";
        json::Writer w(text_);
        write(w);
        text_ += '}';
    }

    std::string pointer_;
    std::string text_;
    std::size_t operations_ = 0;
};

// From the back, so that the places that follow in the patch are right.
std::size_t remove_from(std::vector<model::Target>& lists, const std::string& attribute, const Values& removed,
                        PatchText& patch) {
    std::size_t count = 0;
    for (std::size_t at = lists.size(); at > 0; --at) {
        auto& target = lists[at - 1];
        if (target.attribute != attribute || removed.empty()) continue;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < target.values.size(); ++i)
            if (removed.contains(target.values[i])) places.push_back(i);
        if (places.empty()) continue;
        count += places.size();
        if (places.size() == target.values.size()) {
            patch.remove_list(at - 1);
            lists.erase(lists.begin() + static_cast<std::ptrdiff_t>(at - 1));
            continue;
        }
        for (auto place = places.rbegin(); place != places.rend(); ++place) patch.remove_value(at - 1, *place);
        std::erase_if(target.values, [&](const std::string& value) { return removed.contains(value); });
    }
    return count;
}

void add_to(std::vector<model::Target>& lists, const std::string& attribute, std::vector<std::string> added,
            PatchText& patch) {
    const auto found = std::find_if(lists.begin(), lists.end(),
                                    [&](const model::Target& target) { return target.attribute == attribute; });
    if (found == lists.end()) {
        lists.push_back({attribute, std::move(added), {}});
        patch.add_list(lists.back());
        return;
    }
    const auto at = static_cast<std::size_t>(found - lists.begin());
    for (auto& value : added) {
        patch.add_value(at, value);
        found->values.push_back(std::move(value));
    }
}

bool has_same_lists(const std::vector<model::Target>& before, const std::vector<model::Target>& after) {
    return std::equal(before.begin(), before.end(), after.begin(), after.end(),
                      [](const model::Target& a, const model::Target& b) {
                          return a.attribute == b.attribute && a.variation == b.variation;
                      });
}

// What `after` does not have where it has the next value of `before` is removed; what it has behind the last one is
// added. False if a value is both, or there are too many: then values have moved, and comparing the states says it in
// fewer operations.
bool compare_values(std::size_t list, const std::vector<std::string>& before, const std::vector<std::string>& after,
                    PatchText& patch) {
    Values removed;
    std::vector<std::size_t> places;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < before.size() && places.size() <= PatchText::most_operations; ++i) {
        if (kept < after.size() && before[i] == after[kept]) {
            ++kept;
        } else {
            removed.insert(before[i]);
            places.push_back(i);
        }
    }
    if (places.size() + after.size() - kept > PatchText::most_operations) return false;
    for (auto place = places.rbegin(); place != places.rend(); ++place) patch.remove_value(list, *place);
    for (std::size_t i = kept; i < after.size(); ++i) {
        if (removed.contains(after[i])) return false;
        patch.add_value_at(list, i, after[i]);
    }
    return !patch.is_full();
}

// The operations; nullopt if they are too many.
std::optional<std::string> lists_patch(MemberSide side, const model::Segment& before, const model::Segment& after) {
    PatchText patch(side);
    const auto& held = lists_of(before, side);
    const auto& wanted = lists_of(after, side);
    for (std::size_t i = 0; i < held.size(); ++i) {
        if (!compare_values(i, held[i].values, wanted[i].values, patch)) return std::nullopt;
    }
    return std::move(patch).take();
}

Error too_many(std::size_t total) {
    auto detail =
        "the list would have " + std::to_string(total) + " values; the limit is " + std::to_string(limits::list_values);
    return {Errc::unprocessable, detail, {{"", "", "limit", detail}}};
}

// Adds a finding for each value that is in both lists.
void check_distinct(json::Reader& r, const MemberChange& change) {
    const Values added(change.add.begin(), change.add.end());
    for (std::size_t i = 0; i < change.remove.size(); ++i) {
        if (added.contains(change.remove[i]))
            r.element("remove", i, {}).fail("malformed", "`" + change.remove[i] + "` is in `add` too");
    }
}

}  // namespace

std::string_view name_of(MemberSide side) noexcept { return side == MemberSide::included ? "included" : "excluded"; }

std::optional<MemberSide> parse_member_side(std::string_view name) noexcept {
    if (name == "included") return MemberSide::included;
    if (name == "excluded") return MemberSide::excluded;
    return std::nullopt;
}

std::optional<MemberMode> parse_member_mode(std::string_view name) noexcept {
    if (name == "add") return MemberMode::add;
    if (name == "remove") return MemberMode::remove;
    if (name == "replace") return MemberMode::replace;
    return std::nullopt;
}

MemberPage page_of_members(const model::Segment& segment, const MemberList& list, std::string_view prefix,
                           std::string_view after, std::size_t limit) {
    std::vector<std::string_view> wanted;
    for_each_member(segment, list, [&](const std::string& value) {
        if (value.starts_with(prefix) && (after.empty() || value > after)) wanted.push_back(value);
    });
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    MemberPage page;
    std::size_t bytes = 0;
    for (const auto value : wanted) {
        if (page.values.size() == limit || bytes >= items::page_bytes) break;
        bytes += value.size();
        page.values.emplace_back(value);
    }
    page.has_more = page.values.size() < wanted.size();
    return page;
}

std::size_t count_members(const model::Segment& segment, const MemberList& list) {
    std::size_t count = 0;
    for_each_member(segment, list, [&](const std::string&) { ++count; });
    return count;
}

std::vector<MemberCount> count_all_members(const model::Segment& segment) {
    std::vector<MemberCount> counts;
    for (const auto side : {MemberSide::included, MemberSide::excluded}) {
        std::unordered_map<std::string_view, std::size_t> places;
        for (const auto& target : lists_of(segment, side)) {
            const auto place = places.emplace(target.attribute, counts.size());
            if (place.second && counts.size() < most_counts) counts.push_back({side, target.attribute, 0});
            const auto at = place.first->second;
            if (at < counts.size()) counts[at].values += target.values.size();
        }
    }
    return counts;
}

Result<MemberChange> read_member_change(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        MemberChange change;
        if (r.has("add")) change.add = r.strings("add");
        if (r.has("remove")) change.remove = r.strings("remove");
        if (!r.has("add") && !r.has("remove")) r.fail("missing", "give `add`, `remove` or both");
        check_distinct(r, change);
        return change;
    });
}

Result<ChangedMembers> changed_members(model::Segment present, const MemberList& list, const MemberChange& change) {
    ChangedMembers changed;
    changed.segment = std::move(present);
    auto& lists = lists_of(changed.segment, list.side);
    PatchText patch(list.side);

    const Values removed(change.remove.begin(), change.remove.end());
    changed.not_there = removed.size() - held_of(changed.segment, list, removed).size();
    changed.removed = remove_from(lists, list.attribute, removed, patch);

    const Values wanted(change.add.begin(), change.add.end());
    auto seen = held_of(changed.segment, list, wanted);
    changed.already_there = seen.size();
    std::vector<std::string> added;
    for (const auto& value : change.add)
        if (seen.insert(value).second) added.push_back(value);
    changed.added = added.size();
    changed.total = count_members(changed.segment, list) + added.size();
    if (changed.total > limits::list_values && !added.empty()) return too_many(changed.total);
    if (!added.empty()) add_to(lists, list.attribute, std::move(added), patch);
    changed.patch = std::move(patch).take();
    return changed;
}

std::string members_patch(const model::Segment& before, const model::Segment& after) {
    if (!has_same_lists(before.included, after.included) || !has_same_lists(before.excluded, after.excluded) ||
        before.rules != after.rules)
        return {};
    auto included = lists_patch(MemberSide::included, before, after);
    const auto excluded = lists_patch(MemberSide::excluded, before, after);
    if (!included || !excluded) return {};
    if (!included->empty() && !excluded->empty()) *included += ',';
    return *included + *excluded;
}

MemberChange replacement(const model::Segment& present, const MemberList& list, std::vector<std::string> values) {
    MemberChange change;
    const Values kept(values.begin(), values.end());
    for_each_member(present, list, [&](const std::string& value) {
        if (!kept.contains(value)) change.remove.push_back(value);
    });
    change.add = std::move(values);
    return change;
}

}  // namespace fanion::cp::segments
