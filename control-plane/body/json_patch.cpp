#include "control-plane/body/json_patch.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "common/json/writer.hpp"

namespace fanion::cp::body {
namespace {

using json::Kind;
using json::Tree;

using MembersByName = std::map<std::string_view, const Tree*>;

MembersByName by_name(const Tree& object) {
    MembersByName found;
    for (const auto& member : object.members()) found[member.name] = &member.value;
    return found;
}

class Comparison {
public:
    explicit Comparison(std::string& out) : writer_(out) {}

    void run(const Tree& before, const Tree& after) {
        writer_.begin_array();
        compare(before, after);
        writer_.end_array();
    }

private:
    // pointer_ is the place of both; restored before returning.
    void compare(const Tree& before, const Tree& after) {
        if (before.is(Kind::object) && after.is(Kind::object)) return compare_objects(before, after);
        if (before.is(Kind::array) && after.is(Kind::array)) return compare_arrays(before.elements(), after.elements());
        if (!(before == after)) write("replace", &after);
    }

    void compare_objects(const Tree& before, const Tree& after) {
        const auto held = by_name(before);
        const auto wanted = by_name(after);
        for (const auto& [name, value] : held) {
            if (!wanted.contains(name)) at(name, [&] { write("remove", nullptr); });
        }
        for (const auto& [name, value] : wanted) {
            const auto found = held.find(name);
            at(name, [&] { found == held.end() ? write("add", value) : compare(*found->second, *value); });
        }
    }

    // What both begin and end with stays; what is left of both is compared pairwise, and the rest removed or added.
    void compare_arrays(const Tree::Elements& before, const Tree::Elements& after) {
        const auto shorter = std::min(before.size(), after.size());
        std::size_t head = 0;
        while (head < shorter && before[head] == after[head]) ++head;
        std::size_t tail = 0;
        while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
        const auto end = shorter - tail;
        for (auto i = head; i < end; ++i) at(std::to_string(i), [&] { compare(before[i], after[i]); });
        for (auto i = before.size() - tail; i > end; --i) at(std::to_string(i - 1), [&] { write("remove", nullptr); });
        for (auto i = end; i < after.size() - tail; ++i) at(std::to_string(i), [&] { write("add", &after[i]); });
    }

    template <class Do>
    void at(std::string_view token, const Do& work) {
        const auto length = pointer_.size();
        json::append_pointer(pointer_, token);
        work();
        pointer_.resize(length);
    }

    void write(std::string_view op, const Tree* value) {
        writer_.begin_object().member("op", op).member("path", pointer_);
        if (value != nullptr) writer_.key("value").raw(value->to_text());
        writer_.end_object();
    }

    std::string pointer_;
    json::Writer writer_;
};

}  // namespace

std::string json_patch(const Tree& before, const Tree& after) {
    std::string out;
    Comparison(out).run(before, after);
    return out;
}

}  // namespace fanion::cp::body
