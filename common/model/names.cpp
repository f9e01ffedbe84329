#include <array>
#include <utility>

#include "common/model/read_parts.hpp"

namespace fanion::model {
namespace {

constexpr std::array<std::pair<Op, std::string_view>, 29> op_names{{
    {Op::is, "is"},
    {Op::is_not, "is_not"},
    {Op::one_of, "one_of"},
    {Op::not_one_of, "not_one_of"},
    {Op::contains, "contains"},
    {Op::not_contains, "not_contains"},
    {Op::starts_with, "starts_with"},
    {Op::not_starts_with, "not_starts_with"},
    {Op::ends_with, "ends_with"},
    {Op::not_ends_with, "not_ends_with"},
    {Op::matches_regex, "matches_regex"},
    {Op::not_matches_regex, "not_matches_regex"},
    {Op::gt, "gt"},
    {Op::gte, "gte"},
    {Op::lt, "lt"},
    {Op::lte, "lte"},
    {Op::version_eq, "version_eq"},
    {Op::version_gt, "version_gt"},
    {Op::version_gte, "version_gte"},
    {Op::version_lt, "version_lt"},
    {Op::version_lte, "version_lte"},
    {Op::before, "before"},
    {Op::after, "after"},
    {Op::in_cidr, "in_cidr"},
    {Op::not_in_cidr, "not_in_cidr"},
    {Op::exists, "exists"},
    {Op::not_exists, "not_exists"},
    {Op::in_segment, "in_segment"},
    {Op::not_in_segment, "not_in_segment"},
}};

}  // namespace

std::string_view name_of(FlagType type) noexcept {
    switch (type) {
        case FlagType::boolean:
            return "boolean";
        case FlagType::string:
            return "string";
        case FlagType::number:
            return "number";
        case FlagType::json:
            return "json";
    }
    return "";
}

std::string_view name_of(Op op) noexcept { return op_names[static_cast<std::size_t>(op)].second; }

Op parse_op(std::string_view name, bool& known) noexcept {
    for (const auto& [op, text] : op_names) {
        if (text != name) continue;
        known = true;
        return op;
    }
    known = false;
    return Op::is;
}

std::string_view name_of(Hash hash) noexcept { return hash == Hash::murmur3 ? "murmur3" : "djb2"; }

std::string_view name_of(AccessEntry::Kind kind) noexcept {
    switch (kind) {
        case AccessEntry::Kind::server:
            return "server";
        case AccessEntry::Kind::client:
            return "client";
        case AccessEntry::Kind::relay:
            return "relay";
    }
    return "";
}

}  // namespace fanion::model
