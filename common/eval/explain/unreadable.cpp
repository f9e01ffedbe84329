#include "common/eval/explain/unreadable.hpp"

#include "common/base/cidr.hpp"
#include "common/base/text.hpp"
#include "common/eval/operators/number.hpp"
#include "common/eval/operators/semver.hpp"

namespace fanion::eval {
namespace {

using json::Kind;
using json::Value;

// Empty for kinds that read everything.
std::string_view problem_with(Leaf::Kind kind) noexcept {
    switch (kind) {
        case Leaf::Kind::number:
            return "not a number";
        case Leaf::Kind::version:
            return "not a version";
        case Leaf::Kind::time:
            return "not a time";
        case Leaf::Kind::network:
            return "not an address";
        case Leaf::Kind::contains:
        case Leaf::Kind::starts_with:
        case Leaf::Kind::ends_with:
        case Leaf::Kind::suffixes:
        case Leaf::Kind::regex:
            return "not a string";
        case Leaf::Kind::exit:
        case Leaf::Kind::constant:
        case Leaf::Kind::bucket:
        case Leaf::Kind::segment:
        case Leaf::Kind::now:
        case Leaf::Kind::strings:
        case Leaf::Kind::exists:
        case Leaf::Kind::equality:
            break;
    }
    return {};
}

bool can_read(Leaf::Kind kind, Value value) noexcept {
    if (value.is(Kind::number)) return kind == Leaf::Kind::number || kind == Leaf::Kind::time;
    if (!value.is(Kind::string)) return false;
    if (kind == Leaf::Kind::number) return parse_number(value.as_string()).has_value();
    if (kind == Leaf::Kind::version) return parse_semver(value.as_string()).has_value();
    if (kind == Leaf::Kind::time) return parse_rfc3339(value.as_string()).has_value();
    if (kind == Leaf::Kind::network) return parse_ip(value.as_string()).has_value();
    return true;
}

}  // namespace

std::string_view problem_of(const Leaf& leaf, Value value) noexcept {
    if (!value || value.is(Kind::null)) return {};
    if (leaf.is_list) return value.is(Kind::string) ? std::string_view() : "not a string";
    const auto problem = problem_with(leaf.kind);
    if (problem.empty()) return {};
    if (!value.is(Kind::array)) return can_read(leaf.kind, value) ? std::string_view() : problem;
    if (value.size() == 0) return {};
    for (const auto element : value.elements())
        if (can_read(leaf.kind, element)) return {};
    return problem;
}

}  // namespace fanion::eval
