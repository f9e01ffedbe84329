#include "control-plane/body/merge_patch.hpp"

#include <algorithm>
#include <iterator>

namespace fanion::cp::body {
namespace {

using json::Kind;
using json::Tree;
using json::Value;

// Depth is bounded by the limits of both documents. New members are not compared with each other, so that a patch of many
// costs no more than the target's members times its own; a body's members have distinct names.
void merge(Tree& target, Value patch) {
    if (!patch.is(Kind::object)) {
        target = Tree(patch);
        return;
    }
    if (!target.is(Kind::object)) target = Tree::object();
    Tree::Members added;
    for (const auto member : patch.members()) {
        if (member.value.is(Kind::null)) {
            target.remove(member.name);
        } else if (auto* held = target.find(member.name)) {
            merge(*held, member.value);
        } else {
            added.push_back({std::string(member.name), Tree()});
            merge(added.back().value, member.value);
        }
    }
    auto& members = target.members();
    std::move(added.begin(), added.end(), std::back_inserter(members));
}

}  // namespace

json::ScanLimits composed_limits() { return {.bytes = limits::composed_bytes}; }

Result<Tree> merged(std::string_view present, Value patch) {
    auto target = Tree::parse(present, composed_limits()).value();
    if (auto ok = apply_merge_patch(target, patch); !ok) return ok.error();
    return target;
}

Result<> apply_merge_patch(Tree& target, Value patch) {
    merge(target, patch);
    return json::check_limits(target, composed_limits());
}

}  // namespace fanion::cp::body
