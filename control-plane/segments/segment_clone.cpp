#include "control-plane/segments/segment_clone.hpp"

#include <utility>

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/items/clone.hpp"
#include "control-plane/items/item_body.hpp"

namespace fanion::cp::segments {

Result<NewSegment> clone_segment(const SegmentDefinition& source, std::vector<SegmentEnvironment> configs,
                                 json::Value body, UnixMillis now) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        NewSegment made{source, std::move(configs)};
        auto& clone = made.definition;
        clone.key = body::read_key(r, "key");
        clone.name = body::read_text(r, "name", items::name_bytes, source.name);
        clone.archived = false;
        clone.version = 1;
        clone.created_at = clone.updated_at = now;
        const auto copied = items::read_copied(r, made.environments);
        for (auto& config : made.environments) {
            if (!copied.contains(config.environment)) config.members = {};
            config.version = 1;
            config.updated_at = now;
        }
        return made;
    });
}

}  // namespace fanion::cp::segments
