#include "control-plane/schedules/creator.hpp"

#include "control-plane/body/json_text.hpp"

namespace fanion::cp::schedules {

std::string to_text(const Creator& creator) {
    return body::object_text([&](json::Writer& w) {
        w.member("kind", access::name_of(creator.kind)).member("id", creator.id);
        w.member("token", creator.token_id.str()).key("scopes").begin_array();
        for (const auto& name : access::names_of(creator.limit)) w.string(name);
        w.end_array();
    });
}

Creator creator_of(std::string_view text) {
    return body::read_stored(text, [](json::Reader& r) {
        Creator creator;
        const bool is_service = r.string("kind") == access::name_of(access::ActorKind::service);
        creator.kind = is_service ? access::ActorKind::service : access::ActorKind::user;
        creator.id = r.string("id");
        creator.token_id = access::TokenId(r.string("token"));
        creator.limit = access::permissions_named(r.strings("scopes"));
        return creator;
    });
}

void write_creator(json::Writer& w, const Creator& creator) {
    w.begin_object().member("kind", access::name_of(creator.kind)).member("id", creator.id).end_object();
}

}  // namespace fanion::cp::schedules
