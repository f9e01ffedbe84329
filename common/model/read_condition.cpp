#include <algorithm>

#include "common/model/read_parts.hpp"

namespace fanion::model {
namespace {

using json::Kind;
using json::Value;

std::vector<Condition> read_children(Reader& r, std::string_view member, UnknownFields unknown) {
    std::vector<Condition> children;
    for (auto& child : r.array(member)) children.push_back(read_condition(child, unknown));
    return children;
}

Literal read_literal(Value value) {
    if (value.is(Kind::string)) return {Literal::Kind::string, std::string(value.as_string())};
    if (value.is(Kind::number)) return {Literal::Kind::number, std::string(value.number_text())};
    return {Literal::Kind::boolean, value.as_bool() ? "true" : "false"};
}

std::vector<Literal> read_literals(Reader& r, std::string_view member) {
    std::vector<Literal> literals;
    const Value list = r.optional_any(member);
    if (!list) return literals;
    if (!list.is(Kind::array)) {
        r.fail_at(member, "wrong_type", "must be an array");
        return literals;
    }
    literals.reserve(list.size());
    std::size_t index = 0;
    for (const auto element : list.elements()) {
        if (element.is(Kind::string) || element.is(Kind::number) || element.is(Kind::boolean))
            literals.push_back(read_literal(element));
        else
            r.element(member, index, element).fail("wrong_type", "must be a string, a number or a boolean");
        ++index;
    }
    return literals;
}

Bucket read_bucket(Reader r, UnknownFields unknown) {
    Bucket bucket;
    bucket.by = read_by(r);
    bucket.salt = r.optional_string("salt");
    bucket.hash = read_hash(r);
    bucket.from = static_cast<std::uint32_t>(r.integer("from", 0, limits::slots));
    bucket.to = static_cast<std::uint32_t>(r.integer("to", 0, limits::slots));
    if (bucket.from > bucket.to) r.fail("bad_range", "`from` is greater than `to`");
    r.finish(unknown);
    return bucket;
}

void read_comparison(Reader& r, Condition& condition) {
    const auto name = r.string("op");
    bool known = false;
    condition.op = parse_op(name, known);
    if (!known) {
        if (!name.empty()) r.fail_at("op", "malformed", "`" + name + "` is not an operator");
        for (const auto* member : {"attribute", "values", "ignore_case"}) r.has(member);  // not mistakes of their own
        return;
    }
    condition.values = read_literals(r, "values");
    if (condition.op == Op::in_segment || condition.op == Op::not_in_segment) {
        condition.kind = Condition::Kind::segment;
        return;
    }
    condition.kind = Condition::Kind::comparison;
    condition.attribute = r.string("attribute");
    condition.ignore_case = r.boolean("ignore_case", false);
}

}  // namespace

Hash read_hash(Reader& r) {
    const auto name = r.string("hash", "murmur3");
    if (name == name_of(Hash::djb2)) return Hash::djb2;
    if (name != name_of(Hash::murmur3)) r.fail_at("hash", "malformed", "must be `murmur3` or `djb2`");
    return Hash::murmur3;
}

std::string read_by(Reader& r) { return r.string("by", "targetingKey"); }

Condition read_condition(Reader& r, UnknownFields unknown) {
    Condition condition;
    const bool has[] = {r.has("all"), r.has("any"), r.has("not"), r.has("bucket"), r.has("op")};
    if (!r.is_object()) return condition;
    if (std::count(std::begin(has), std::end(has), true) != 1) {
        r.fail("malformed", "a condition has exactly one of `all`, `any`, `not`, `bucket` and `op`");
        return condition;
    }
    if (has[0] || has[1]) {
        condition.kind = has[0] ? Condition::Kind::all : Condition::Kind::any;
        condition.children = read_children(r, has[0] ? "all" : "any", unknown);
    } else if (has[2]) {
        condition.kind = Condition::Kind::negation;
        auto child = r.object("not");
        condition.children.push_back(read_condition(child, unknown));
    } else if (has[3]) {
        condition.kind = Condition::Kind::bucket;
        condition.bucket = read_bucket(r.object("bucket"), unknown);
    } else {
        read_comparison(r, condition);
    }
    r.finish(unknown);
    return condition;
}

}  // namespace fanion::model
