#include "control-plane/sign_on/provider_store.hpp"
#include "control-plane/sign_on/sign_on_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

sign_on::StoredProvider planted_provider(const sign_on::ProviderId& provider_id) {
    sign_on::StoredProvider planted;
    planted.provider.provider_id = provider_id;
    planted.provider.key = "planted";
    planted.provider.settings.issuer = "https://planted.example";
    planted.provider.settings.client_id = "planted";
    planted.provider.created_at = planted.provider.updated_at = now;
    return planted;
}

sign_on::Identity known_identity() { return {"https://login.example.com", "s-1"}; }

const Case sign_on_table[] = {
    {"list_providers", true, [](Tx& tx, const Theirs& t) { return found(sign_on::list_providers(tx, t.org, "", 10)); }},
    {"count_providers", true, [](Tx& tx, const Theirs& t) { return found(sign_on::count_providers(tx, t.org)); }},
    {"find_provider", true, [](Tx& tx, const Theirs& t) { return found(sign_on::find_provider(tx, t.org, "main")); }},
    {"lock_provider", true, [](Tx& tx, const Theirs& t) { return found(sign_on::lock_provider(tx, t.org, "main")); }},
    {"find_provider_by_id", true,
     [](Tx& tx, const Theirs& t) { return found(sign_on::find_provider_by_id(tx, t.org, t.provider)); }},
    {"hold_provider", true,
     [](Tx& tx, const Theirs& t) { return found(sign_on::hold_provider(tx, t.org, t.provider)); }},
    {"insert_provider", false,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await sign_on::insert_provider(tx, t.org, planted_provider(sign_on::ProviderId("idp_planted")));
         co_return false;
     }},
    {"update_provider", false,
     [](Tx& tx, const Theirs& t) { return written(sign_on::update_provider(tx, planted_provider(t.provider))); }},
    {"delete_provider", false,
     [](Tx& tx, const Theirs& t) { return written(sign_on::delete_provider(tx, t.provider)); }},
    {"use_once", false,
     [](Tx& tx, const Theirs& t) -> Found {
         co_await sign_on::use_once(tx, t.org, sha256("planted"), now * 2, now);
         co_return false;
     }},
    {"find_identified", true,
     [](Tx& tx, const Theirs& t) { return found(sign_on::find_identified(tx, t.org, known_identity())); }},
    {"insert_identity", false,
     [](Tx& tx, const Theirs& t) -> Found {
         sign_on::Identity planted{"https://planted.example", "planted"};
         co_await sign_on::insert_identity(tx, t.org, std::move(planted), t.member, now);
         co_return false;
     }},
};

}  // namespace

std::span<const Case> sign_on_cases() noexcept { return sign_on_table; }

}  // namespace fanion::crossing
