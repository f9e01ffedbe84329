#include "control-plane/flags/flag_clone.hpp"

#include <utility>

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/items/clone.hpp"
#include "control-plane/items/item_body.hpp"

namespace fanion::cp::flags {
namespace {

FlagDefinition read_clone(json::Reader& r, const FlagDefinition& source, UnixMillis now) {
    auto clone = source;
    clone.key = body::read_key(r, "key");
    clone.name = body::read_text(r, "name", items::name_bytes, source.name);
    clone.salt = body::read_text(r, "salt", items::name_bytes, clone.key);
    if (clone.salt.empty() && body::has_string(r, "salt"))
        r.fail_at("salt", "missing", "a salt needs at least one byte");
    clone.archived = false;
    clone.version = 1;
    clone.created_at = clone.updated_at = now;
    return clone;
}

}  // namespace

Result<NewFlag> clone_flag(const FlagDefinition& source, std::vector<FlagEnvironment> configs, json::Value body,
                           UnixMillis now) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        NewFlag made{read_clone(r, source, now), std::move(configs)};
        const auto copied = items::read_copied(r, made.environments);
        for (auto& config : made.environments) {
            if (!copied.contains(config.environment)) config.config = default_config(made.definition);
            config.version = 1;
            config.updated_at = now;
        }
        return made;
    });
}

}  // namespace fanion::cp::flags
