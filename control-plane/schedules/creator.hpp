#pragma once

// Who has asked for a change that is carried out later. Pure.

#include <string>
#include <string_view>

#include "common/json/writer.hpp"
#include "control-plane/access/actor.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/access/permission.hpp"

namespace fanion::cp::schedules {

struct Creator {
    access::ActorKind kind = access::ActorKind::user;        // user or service
    std::string id;                                          // of the person or the service account
    access::TokenId token_id;                                // with which they asked; empty: signed in
    access::Permissions limit = access::Permissions::all();  // the scopes of that token
    friend bool operator==(const Creator&, const Creator&) = default;
};

// JSON as stored, and back. What a later version of this program knows of permissions is left out.
std::string to_text(const Creator& creator);
Creator creator_of(std::string_view text);

// {"kind","id"}, as the API shows it.
void write_creator(json::Writer& w, const Creator& creator);

}  // namespace fanion::cp::schedules
