#include "control-plane/promotion/difference.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/json/reader.hpp"

namespace fanion::cp::promotion {
namespace {

using json::Kind;
using json::Tree;

bool is_scalar(const Tree& tree) { return !tree.is(Kind::object) && !tree.is(Kind::array); }

bool are_scalars(const Tree& list) { return std::ranges::all_of(list.elements(), is_scalar); }

bool have_ids(const Tree& list) {
    return std::ranges::all_of(list.elements(), [](const Tree& element) {
        const auto* id = element.find("id");
        return id && id->is(Kind::string);
    });
}

const std::string& id_of(const Tree& element) { return element.find("id")->as_string(); }

std::string without_id(const Tree& element) {
    auto copy = element;
    copy.remove("id");
    return copy.to_text();
}

class Comparison {
public:
    void compare(const Tree& from, const Tree& to, const std::string& pointer) {
        if (from == to) return;
        if (from.is(Kind::object) && to.is(Kind::object)) return compare_objects(from, to, pointer);
        if (from.is(Kind::array) && to.is(Kind::array)) return compare_lists(from, to, pointer);
        add(pointer, &from, &to);
    }
    std::vector<Difference> take() { return std::move(found_); }

private:
    static std::string below(std::string pointer, std::string_view name) {
        json::append_pointer(pointer, name);
        return pointer;
    }
    static std::string below(const std::string& pointer, std::size_t index) {
        return below(pointer, std::to_string(index));
    }

    void add(std::string pointer, const Tree* from, const Tree* to) {
        Difference difference;
        difference.pointer = std::move(pointer);
        if (from) difference.from = from->to_text();
        if (to) difference.to = to->to_text();
        found_.push_back(std::move(difference));
    }

    void compare_objects(const Tree& from, const Tree& to, const std::string& pointer) {
        for (const auto& member : from.members()) {
            const auto* other = to.find(member.name);
            if (other) {
                compare(member.value, *other, below(pointer, member.name));
            } else {
                add(below(pointer, member.name), &member.value, nullptr);
            }
        }
        for (const auto& member : to.members()) {
            if (!from.find(member.name)) add(below(pointer, member.name), nullptr, &member.value);
        }
    }

    void compare_lists(const Tree& from, const Tree& to, const std::string& pointer) {
        const bool is_empty = from.elements().empty() && to.elements().empty();
        if (is_empty) return;
        if (are_scalars(from) && are_scalars(to)) return compare_scalars(from, to, pointer);
        if (have_ids(from) && have_ids(to)) return compare_by_id(from.elements(), to.elements(), pointer);
        compare_by_position(from.elements(), to.elements(), pointer);
    }

    void compare_scalars(const Tree& from, const Tree& to, const std::string& pointer) {
        if (from.elements().size() + to.elements().size() <= most_values) return add(pointer, &from, &to);
        std::set<std::string> before;
        std::set<std::string> after;
        for (const auto& value : from.elements()) before.insert(value.to_text());
        for (const auto& value : to.elements()) after.insert(value.to_text());
        Difference difference;
        difference.pointer = pointer;
        auto& list = difference.list.emplace();
        count_missing(after, before, list.added, list.first_added);
        count_missing(before, after, list.removed, list.first_removed);
        found_.push_back(std::move(difference));
    }

    // The values of `these` that `others` has not.
    static void count_missing(const std::set<std::string>& these, const std::set<std::string>& others,
                              std::size_t& count, std::vector<std::string>& first) {
        for (const auto& value : these) {
            if (others.contains(value)) continue;
            ++count;
            if (first.size() < most_values) first.push_back(value);
        }
    }

    void compare_by_position(const Tree::Elements& from, const Tree::Elements& to, const std::string& pointer) {
        const auto common = std::min(from.size(), to.size());
        for (std::size_t i = 0; i < common; ++i) compare(from[i], to[i], below(pointer, i));
        for (std::size_t i = common; i < from.size(); ++i) add(below(pointer, i), &from[i], nullptr);
        for (std::size_t i = common; i < to.size(); ++i) add(below(pointer, i), nullptr, &to[i]);
    }

    // For each element of `to`, the index in `from` of the same one.
    static std::vector<std::optional<std::size_t>> match(const Tree::Elements& from, const Tree::Elements& to) {
        std::map<std::string, std::size_t> by_id;
        for (std::size_t i = 0; i < from.size(); ++i) by_id.emplace(id_of(from[i]), i);
        std::vector<std::optional<std::size_t>> matched(to.size());
        for (std::size_t i = 0; i < to.size(); ++i) {
            const auto at = by_id.find(id_of(to[i]));
            if (at == by_id.end()) continue;
            matched[i] = at->second;
            by_id.erase(at);
        }
        std::multimap<std::string, std::size_t> by_content;
        for (const auto& [id, i] : by_id) by_content.emplace(without_id(from[i]), i);
        for (std::size_t i = 0; i < to.size(); ++i) {
            if (matched[i]) continue;
            const auto at = by_content.find(without_id(to[i]));
            if (at == by_content.end()) continue;
            matched[i] = at->second;
            by_content.erase(at);
        }
        return matched;
    }

    void compare_by_id(const Tree::Elements& from, const Tree::Elements& to, const std::string& pointer) {
        const auto matched = match(from, to);
        compare_order(from, to, matched, pointer);
        std::vector<bool> is_matched(from.size());
        for (std::size_t i = 0; i < to.size(); ++i) {
            if (!matched[i]) continue;
            is_matched[*matched[i]] = true;
            compare(from[*matched[i]], to[i], below(pointer, i));
        }
        for (std::size_t i = 0; i < from.size(); ++i) {
            if (!is_matched[i]) add(below(pointer, i), &from[i], nullptr);
        }
        for (std::size_t i = 0; i < to.size(); ++i) {
            if (!matched[i]) add(below(pointer, i), nullptr, &to[i]);
        }
    }

    void compare_order(const Tree::Elements& from, const Tree::Elements& to,
                       const std::vector<std::optional<std::size_t>>& matched, const std::string& pointer) {
        std::vector<std::size_t> places;
        auto before = Tree::array();
        auto after = Tree::array();
        for (std::size_t i = 0; i < to.size(); ++i) {
            if (!matched[i]) continue;
            places.push_back(*matched[i]);
            after.elements().push_back(Tree::string(id_of(from[*matched[i]])));
        }
        if (std::ranges::is_sorted(places)) return;
        std::ranges::sort(places);
        for (const auto place : places) before.elements().push_back(Tree::string(id_of(from[place])));
        add(pointer, &before, &after);
    }

    std::vector<Difference> found_;
};

void write_values(json::Writer& w, std::string_view member, std::size_t count, const std::vector<std::string>& values) {
    w.key(member).begin_object().member("count", count).key("values").begin_array();
    for (const auto& value : values) w.raw(value);
    w.end_array();
    w.end_object();
}

}  // namespace

std::vector<Difference> differences(const json::Tree& from, const json::Tree& to) {
    Comparison comparison;
    comparison.compare(from, to, "");
    return comparison.take();
}

void write_item_differences(json::Writer& w, std::string_view item, const std::vector<Difference>& found) {
    const auto slash = item.find('/');
    w.begin_object().member(item.substr(0, slash), item.substr(slash + 1));
    w.key("differences").begin_array();
    for (const auto& difference : found) {
        w.begin_object().member("pointer", difference.pointer);
        if (difference.from) w.key("from").raw(*difference.from);
        if (difference.to) w.key("to").raw(*difference.to);
        if (difference.list) {
            write_values(w, "added", difference.list->added, difference.list->first_added);
            write_values(w, "removed", difference.list->removed, difference.list->first_removed);
        }
        w.end_object();
    }
    w.end_array();
    w.end_object();
}

}  // namespace fanion::cp::promotion
