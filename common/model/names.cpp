#include "common/model/operators.hpp"
#include "common/model/read_parts.hpp"

namespace fanion::model {
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

std::string_view name_of(Op op) noexcept { return operator_of(op).name; }

Op parse_op(std::string_view name, bool& known) noexcept {
    for (const auto& row : operators) {
        if (row.name != name) continue;
        known = true;
        return row.op;
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
