#include "common/model/read_parts.hpp"

namespace fanion::model {

Segment read_segment_body(Reader& r, UnknownFields unknown) {
    Segment segment;
    segment.included = read_targets(r, "included", false, unknown);
    segment.excluded = read_targets(r, "excluded", false, unknown);
    for (auto& place : r.array("rules")) {
        auto when = place.object("when");
        segment.rules.push_back({read_condition(when, unknown)});
        place.finish(unknown);
    }
    return segment;
}

Segment read_segment(Reader& r, UnknownFields unknown) {
    auto key = read_key(r, "key");
    const auto version = r.unsigned_integer("version", 0);
    const bool client = r.boolean("client", false);
    auto segment = read_segment_body(r, unknown);
    segment.key = std::move(key);
    segment.version = version;
    segment.client = client;
    r.finish(unknown);
    return segment;
}

}  // namespace fanion::model
