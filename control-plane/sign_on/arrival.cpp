#include "control-plane/sign_on/arrival.hpp"

#include <utility>

#include "control-plane/access/assignment_store.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/groups/apply.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/quotas/limits.hpp"
#include "control-plane/sign_on/sign_on_store.hpp"

namespace fanion::cp::sign_on {
namespace {

using boost::asio::awaitable;

// Whether the provider may find or add the person by their e-mail address. Errors: forbidden.
Result<> check_email(const Provider& provider, const Person& person) {
    if (person.email.empty() || !person.is_email_verified) {
        return http::forbidden("email_not_verified",
                               "the identity provider does not say that your e-mail address is verified");
    }
    if (!covers(provider.settings, person.email)) {
        return http::forbidden("foreign_domain",
                               "your e-mail address is of none of the domains of this identity provider");
    }
    return boost::system::in_place_value;
}

struct Found {
    access::UserId user_id;
    bool is_member = false;
    bool is_known = false;  // the issuer knows the person already
};

awaitable<Result<Found>> find_by_email(db::Transaction& tx, const Arrival& arrival) {
    const auto& person = arrival.person;
    if (auto ok = check_email(arrival.provider, person); !ok) co_return ok.error();
    const auto member = co_await identity::find_member_by_email(tx, arrival.org_id, person.email);
    if (member) co_return Found{member->user_id, true, false};
    if (!arrival.provider.settings.adds_members) co_return not_a_member();
    auto account = co_await identity::account_within(tx, arrival.org_id, person.email, person.name);
    co_return Found{std::move(account), false, false};
}

awaitable<Result<Found>> find_person(db::Transaction& tx, const Arrival& arrival) {
    const Identity identity{arrival.provider.settings.issuer, arrival.person.subject};
    const auto known = co_await find_identified(tx, arrival.org_id, identity);
    if (known) co_return Found{*known, true, true};
    co_return co_await find_by_email(tx, arrival);
}

// Gives roles by the groups, and whoever is new a membership. Errors: those of groups::apply_sign_in().
awaitable<Result<groups::Standing>> settle_roles(http::Call& call, db::Transaction& tx, const Arrival& arrival,
                                                 const Found& found, audit::AuditEntry by) {
    const auto& person = arrival.person;
    by.org_id = arrival.org_id;
    const groups::Work work{tx, call.services.limits.quotas(), std::move(by)};
    groups::KnownPerson known{found.user_id, person.email, person.name};
    const bool has_groups = !arrival.provider.settings.groups_claim.empty();
    if (has_groups) co_return co_await groups::apply_sign_in(work, std::move(known), person.groups);
    if (found.is_member) co_return groups::Standing::member;
    co_return co_await groups::apply(work, std::move(known));
}

// Whether the provider is what it was when it was asked.
awaitable<bool> is_still_asked(db::Transaction& tx, const Arrival& arrival) {
    const auto present = co_await hold_provider(tx, arrival.org_id, arrival.provider.provider_id);
    co_return present && present->provider.settings.is_enabled &&
        present->provider.settings.issuer == arrival.provider.settings.issuer &&
        present->provider.settings.client_id == arrival.provider.settings.client_id;
}

}  // namespace

Error not_a_member() {
    return http::forbidden("not_a_member",
                           "you are not a member of this organisation, and its identity provider adds nobody: ask an "
                           "owner of the organisation");
}

Error refused_sign_on(std::string code, std::string detail) {
    return {Errc::unauthenticated, detail, {{"", "", std::move(code), detail}}};
}

awaitable<Result<std::optional<access::UserId>>> settle_arrival(http::Call& call, db::Transaction& tx, Arrival arrival,
                                                                access::SessionId session_id) {
    const std::optional<access::UserId> nobody;
    co_await access::lock_access(tx, arrival.org_id, access::AccessLock::exclusive);
    const bool is_asked = co_await is_still_asked(tx, arrival);
    if (!is_asked) co_return http::not_found("identity provider", "");
    const bool is_first = co_await use_once(tx, arrival.org_id, arrival.once, arrival.once_until, call.now());
    if (!is_first) co_return refused_sign_on("used", "this sign-in has been used: begin again");
    auto found = co_await find_person(tx, arrival);
    if (!found) co_return found.error();
    co_await identity::lock_user(tx, found->user_id);
    const auto user = co_await identity::find_user(tx, found->user_id);
    if (!user || user->is_disabled) co_return refused_sign_on("disabled", "this account is disabled");
    auto by = identity::session_entry(call, audit::Action::member_updated, found->user_id, std::move(session_id));
    auto settled = co_await settle_roles(call, tx, arrival, *found, std::move(by));
    if (!settled) co_return settled.error();
    if (*settled == groups::Standing::no_role) co_return nobody;
    if (found->is_known) co_return std::optional(found->user_id);
    Identity identity{arrival.provider.settings.issuer, arrival.person.subject};
    const bool is_new = co_await insert_identity(tx, arrival.org_id, std::move(identity), found->user_id, call.now());
    if (!is_new) {
        co_return http::forbidden("other_subject",
                                  "the identity provider knows the member with this e-mail address as somebody else");
    }
    co_return std::optional(found->user_id);
}

awaitable<Result<net::Response>> start_limited_session(http::Call& call, db::Transaction& tx, access::OrgId org_id,
                                                       Provider provider, access::UserId user_id,
                                                       access::SessionId session_id,
                                                       std::optional<identity::BrowserSite> browser) {
    auto response = co_await identity::issue_session(call, tx, user_id, session_id, std::move(browser));
    co_await identity::limit_session(tx, session_id, org_id, provider.provider_id.str());
    auto entry =
        identity::session_entry(call, audit::Action::session_started, std::move(user_id), std::move(session_id));
    entry.org_id = std::move(org_id);
    entry.after = body::object_text([&](json::Writer& w) { w.member("identity_provider", provider.key); });
    const auto entry_id = co_await audit::append_audit(tx, std::move(entry));
    if (entry_id.empty()) co_return http::not_found("organisation", "");
    co_return std::move(response);
}

}  // namespace fanion::cp::sign_on
