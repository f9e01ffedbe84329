#include "control-plane/identity/member_body.hpp"

#include "common/base/text.hpp"

namespace fanion::cp::identity {

void write_member(json::Writer& w, const Member& member) {
    w.begin_object().member("id", member.user_id.str()).member("email", member.email).member("name", member.name);
    w.member("role", member.role.key).key("managed_by");
    if (member.is_of_directory) {
        w.string("scim");
    } else {
        w.null();
    }
    w.member("since", format_rfc3339(member.since)).end_object();
}

}  // namespace fanion::cp::identity
