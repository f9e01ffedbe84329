#include "control-plane/sign_on/client_code.hpp"

#include "control-plane/body/json_text.hpp"
#include "control-plane/sign_on/sealed_json.hpp"

namespace fanion::cp::sign_on {
namespace {

constexpr std::string_view client_code_context = "sign_on/code";

}  // namespace

Result<std::string> seal_client_code(const SealingKeys& keys, const ClientCode& code) {
    const auto text = body::object_text([&](json::Writer& w) {
        w.member("org", code.org_id.str()).member("provider", code.provider_id.str());
        w.member("user", code.user_id.str()).member("challenge", code.challenge).member("expires_at", code.expires_at);
    });
    return seal_json(keys, text, client_code_context);
}

std::optional<ClientCode> open_client_code(const SealingKeys& keys, std::string_view text, UnixMillis now) {
    auto found = open_json(keys, text, client_code_context, [](json::Reader& r) {
        return ClientCode{access::OrgId(r.string("org")), ProviderId(r.string("provider")),
                          access::UserId(r.string("user")), r.string("challenge"),
                          static_cast<UnixMillis>(r.unsigned_integer("expires_at"))};
    });
    if (found && found->expires_at <= now) return std::nullopt;
    return found;
}

}  // namespace fanion::cp::sign_on
