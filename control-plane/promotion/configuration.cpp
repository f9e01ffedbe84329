#include "control-plane/promotion/configuration.hpp"

#include "common/model/json.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::promotion {
namespace {

bool is_empty(const model::Segment& segment) {
    return segment.included.empty() && segment.excluded.empty() && segment.rules.empty();
}

}  // namespace

std::string content_json(const flags::FlagEnvironment& configuration) {
    return flags::config_json(configuration.config);
}

std::string content_json(const segments::SegmentEnvironment& configuration) {
    return segments::segment_config_json(configuration.members);
}

flags::FlagEnvironment merged(const flags::FlagEnvironment& source, flags::FlagEnvironment target, const Parts& parts) {
    target.config = promoted(source.config, std::move(target.config), parts);
    return target;
}

segments::SegmentEnvironment merged(const segments::SegmentEnvironment& source, segments::SegmentEnvironment target,
                                    const Parts&) {
    target.members = source.members;
    return target;
}

body::References references_of(const flags::FlagEnvironment& configuration) {
    return body::references_of(configuration.config);
}

body::References references_of(const segments::SegmentEnvironment& configuration) {
    return body::references_of(configuration.members);
}

bool is_lacking(const flags::FlagEnvironment& source, const flags::FlagEnvironment& target) {
    return source.config.enabled && !target.config.enabled;
}

bool is_lacking(const segments::SegmentEnvironment& source, const segments::SegmentEnvironment& target) {
    return !is_empty(source.members) && is_empty(target.members);
}

flags::FlagEnvironment restored(flags::FlagEnvironment present, std::string_view item) {
    present.config = body::read_stored(
        item, [](json::Reader& r) { return model::read_flag(r, json::UnknownFields::ignore).config; });
    return present;
}

segments::SegmentEnvironment restored(segments::SegmentEnvironment present, std::string_view item) {
    present.members =
        body::read_stored(item, [](json::Reader& r) { return model::read_segment(r, json::UnknownFields::ignore); });
    present.members.key.clear();
    present.members.version = 0;
    return present;
}

}  // namespace fanion::cp::promotion
