#include "common/model/json.hpp"

namespace fanion::model {
namespace {

void write_literals(Writer& w, const std::vector<Literal>& literals) {
    w.begin_array();
    for (const auto& literal : literals) {
        if (literal.kind == Literal::Kind::string)
            w.string(literal.text);
        else
            w.raw(literal.text);
    }
    w.end_array();
}

void write_children(Writer& w, std::string_view name, const std::vector<Condition>& children) {
    w.key(name).begin_array();
    for (const auto& child : children) write_condition(w, child);
    w.end_array();
}

void write_bucket(Writer& w, const Bucket& bucket) {
    w.key("bucket").begin_object().member("by", bucket.by);
    if (bucket.salt) w.member("salt", *bucket.salt);
    w.member("hash", name_of(bucket.hash));
    w.member("from", std::uint64_t{bucket.from}).member("to", std::uint64_t{bucket.to}).end_object();
}

void write_split(Writer& w, const Split& split) {
    w.begin_object().member("by", split.by);
    if (split.salt) w.member("salt", *split.salt);
    w.member("hash", name_of(split.hash)).key("ranges").begin_array();
    for (const auto& range : split.ranges)
        w.begin_array().unsigned_integer(range.from).unsigned_integer(range.to).string(range.variation).end_array();
    w.end_array();
    if (split.otherwise) w.member("otherwise", *split.otherwise);
    w.end_object();
}

}  // namespace

void write_condition(Writer& w, const Condition& condition) {
    w.begin_object();
    switch (condition.kind) {
        case Condition::Kind::all:
            write_children(w, "all", condition.children);
            break;
        case Condition::Kind::any:
            write_children(w, "any", condition.children);
            break;
        case Condition::Kind::negation:
            w.key("not");
            write_condition(w, condition.children.front());
            break;
        case Condition::Kind::bucket:
            write_bucket(w, condition.bucket);
            break;
        case Condition::Kind::segment:
            w.member("op", name_of(condition.op)).key("values");
            write_literals(w, condition.values);
            break;
        case Condition::Kind::comparison:
            w.member("attribute", condition.attribute).member("op", name_of(condition.op)).key("values");
            write_literals(w, condition.values);
            w.member("ignore_case", condition.ignore_case);
            break;
    }
    w.end_object();
}

void write_serve(Writer& w, const Serve& serve) {
    w.begin_object();
    if (const auto* fixed = std::get_if<ServeVariation>(&serve)) {
        w.member("variation", fixed->variation);
    } else {
        w.key("split");
        write_split(w, std::get<Split>(serve));
    }
    w.end_object();
}

}  // namespace fanion::model
