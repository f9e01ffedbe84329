#include "common/model/read_parts.hpp"

namespace fanion::model {
namespace {

using json::Kind;
using json::Value;

std::optional<std::uint32_t> read_slot(Value value) {
    if (!value.is(Kind::number)) return std::nullopt;
    const auto slot = value.as_u64();
    if (!slot || *slot > limits::slots) return std::nullopt;
    return static_cast<std::uint32_t>(*slot);
}

// [from, to, variation]
std::optional<Range> read_range(Reader& place) {
    const Value value = place.value();
    if (!value.is(Kind::array) || value.size() != 3) {
        place.fail("malformed", "a range is [from, to, variation]");
        return std::nullopt;
    }
    auto it = value.elements().begin();
    const auto from = read_slot(*it);
    ++it;
    const auto to = read_slot(*it);
    ++it;
    if (!from || !to) {
        place.fail("bad_range", "slots are integers from 0 to " + std::to_string(limits::slots));
        return std::nullopt;
    }
    if (!(*it).is(Kind::string)) {
        place.fail("wrong_type", "the variation must be a string");
        return std::nullopt;
    }
    return Range{*from, *to, std::string((*it).as_string())};
}

Split read_split(Reader r, UnknownFields unknown) {
    Split split;
    split.by = read_by(r);
    split.salt = r.optional_string("salt");
    split.hash = read_hash(r);
    for (auto& place : r.array("ranges"))
        if (auto range = read_range(place)) split.ranges.push_back(std::move(*range));
    split.otherwise = r.optional_string("otherwise");
    r.finish(unknown);
    return split;
}

}  // namespace

Serve read_serve(Reader& r, UnknownFields unknown) {
    Serve serve = ServeVariation{};
    const bool variation = r.has("variation");
    const bool split = r.has("split");
    if (!r.is_object()) return serve;
    if (variation == split) {
        r.fail("malformed", "exactly one of `variation` and `split` is needed");
        return serve;
    }
    if (variation)
        serve = ServeVariation{r.string("variation")};
    else
        serve = read_split(r.object("split"), unknown);
    r.finish(unknown);
    return serve;
}

}  // namespace fanion::model
