#include "control-plane/body/merge_patch.hpp"

#include "common/json/writer.hpp"

namespace fanion::cp::body {
namespace {

using json::Kind;
using json::Value;

// Depth is bounded by the pre-scan that both documents passed.
void append_merged(json::Writer& w, Value target, Value patch) {
    if (!patch.is(Kind::object)) {
        w.raw(patch.to_text());
        return;
    }
    const bool has_members = target && target.is(Kind::object);
    w.begin_object();
    if (has_members) {
        for (const auto member : target.members()) {
            const auto change = patch.find(member.name);
            if (!change) {
                w.key(member.name).raw(member.value.to_text());
            } else if (!change.is(Kind::null)) {
                w.key(member.name);
                append_merged(w, member.value, change);
            }
        }
    }
    for (const auto member : patch.members()) {
        if (member.value.is(Kind::null) || (has_members && target.find(member.name))) continue;
        w.key(member.name);
        append_merged(w, Value(), member.value);
    }
    w.end_object();
}

}  // namespace

std::string merge_patch(Value target, Value patch) {
    std::string out;
    json::Writer w(out);
    append_merged(w, target, patch);
    return out;
}

std::string with_defaults(Value given, Value defaults) {
    std::string out;
    json::Writer w(out);
    w.begin_object();
    for (const auto member : given.members()) w.key(member.name).raw(member.value.to_text());
    for (const auto member : defaults.members()) {
        if (!given.find(member.name)) w.key(member.name).raw(member.value.to_text());
    }
    w.end_object();
    return out;
}

}  // namespace fanion::cp::body
