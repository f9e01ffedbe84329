#include "control-plane/identity/second_factor_routes.hpp"

#include "common/base/sealing.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/second_factor.hpp"
#include "control-plane/identity/sign_in.hpp"
#include "control-plane/identity/sign_in_body.hpp"
#include "control-plane/identity/totp.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

Error already_enabled() {
    return http::conflict("", "already_enabled", "you have a second factor: remove it to set up another one");
}

Error not_enabled() { return http::conflict("", "not_enabled", "you have no second factor"); }

// 401 would say that the session is over.
Error of_this_body(Error error) {
    if (is_wrong_code(error) || is_code_wanted(error)) error.code = Errc::invalid_input;
    return error;
}

audit::AuditEntry factor_entry(const http::Call& call, audit::Action action) {
    auto entry = http::audit_entry(call);
    entry.action = action;
    entry.resource = "members/" + call.principal.user_id.str() + "/second-factor";
    return entry;
}

std::string left_json(std::uint64_t recovery_codes) {
    return body::object_text([&](json::Writer& w) { w.member("recovery_codes_left", recovery_codes); });
}

// New ones, stored as hashes and shown once.
awaitable<std::vector<std::string>> make_recovery_codes(db::Transaction& tx, access::UserId user_id) {
    auto codes = new_recovery_codes();
    std::vector<Sha256> hashes;
    for (const auto& code : codes) hashes.push_back(recovery_code_hash(code));
    co_await put_recovery_codes(tx, std::move(user_id), std::move(hashes));
    co_return codes;
}

net::Response codes_response(const std::vector<std::string>& codes) {
    return net::json_response(body::object_text([&](json::Writer& w) {
        w.key("recovery_codes").begin_array();
        for (const auto& code : codes) w.string(code);
        w.end_array();
    }));
}

http::Answer handle_get_factor(http::Call& call) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const auto factor = co_await find_second_factor(tx, call.principal.user_id);
    const bool is_enabled = factor && factor->confirmed_at;
    co_return net::json_response(body::object_text([&](json::Writer& w) {
        w.member("enabled", is_enabled);
        body::write_time(w, "enabled_at", is_enabled ? factor->confirmed_at : std::nullopt);
        w.member("recovery_codes_left", is_enabled ? factor->recovery_codes : 0);
    }));
}

// A secret that is not in force before a code made with it is confirmed.
http::Answer handle_begin_factor(http::Call& call) {
    auto given = read_strings(call, {"password"});
    if (!given) co_return given.error();
    auto refused = co_await refuse_password(call, std::move((*given)[0]));
    if (refused) co_return std::move(*refused);
    const auto user_id = call.principal.user_id;
    const auto secret = new_totp_secret();
    auto sealed = call.services.sealing.seal(secret, factor_context(user_id));
    if (!sealed) co_return sealed.error();
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    co_await lock_user(tx, user_id);
    const auto present = co_await find_second_factor(tx, user_id);
    if (present && present->confirmed_at) co_return already_enabled();
    co_await put_second_factor(tx, user_id, std::move(*sealed), call.now());
    co_await tx.commit();
    co_return net::json_response(body::object_text([&](json::Writer& w) {
        w.member("secret", to_base32(secret)).member("uri", totp_uri(secret, call.principal.email));
    }));
}

// What a code permits. The transaction holds the lock of the person; the function writes the audit entries last.
using Change = http::Answer (*)(http::Call&, db::Transaction&, std::string code);

http::Answer confirm_factor(http::Call& call, db::Transaction& tx, std::string code) {
    const auto user_id = call.principal.user_id;
    auto factor = co_await find_second_factor(tx, user_id);
    if (!factor) co_return http::conflict("", "not_begun", "begin with POST /auth/second-factor");
    if (factor->confirmed_at) co_return already_enabled();
    auto used = co_await use_totp_code(call.services, tx, user_id, std::move(*factor), std::move(code));
    if (!used) co_return used.error();
    co_await confirm_second_factor(tx, user_id, call.now());
    const auto codes = co_await make_recovery_codes(tx, user_id);
    auto entry = factor_entry(call, audit::Action::second_factor_enabled);
    entry.after = left_json(codes.size());
    co_await append_for(tx, user_id, std::move(entry));
    co_return codes_response(codes);
}

// Of a factor in force, by one of its codes. How many recovery codes were left before.
awaitable<Result<std::uint64_t>> pass_own_factor(http::Call& call, db::Transaction& tx, std::string code) {
    const auto user_id = call.principal.user_id;
    const auto factor = co_await find_second_factor(tx, user_id);
    if (!factor || !factor->confirmed_at) co_return not_enabled();
    auto passed = co_await pass_second_factor(call.services, tx, user_id, std::move(code));
    if (!passed) co_return passed.error();
    co_return factor->recovery_codes;
}

http::Answer renew_recovery_codes(http::Call& call, db::Transaction& tx, std::string code) {
    const auto user_id = call.principal.user_id;
    const auto before = co_await pass_own_factor(call, tx, std::move(code));
    if (!before) co_return before.error();
    const auto codes = co_await make_recovery_codes(tx, user_id);
    auto entry = factor_entry(call, audit::Action::second_factor_enabled);
    entry.before = left_json(*before);
    entry.after = left_json(codes.size());
    co_await append_for(tx, user_id, std::move(entry));
    co_return codes_response(codes);
}

http::Answer disable_factor(http::Call& call, db::Transaction& tx, std::string code) {
    const auto user_id = call.principal.user_id;
    const auto before = co_await pass_own_factor(call, tx, std::move(code));
    if (!before) co_return before.error();
    co_await delete_second_factor(tx, user_id);
    auto entry = factor_entry(call, audit::Action::second_factor_removed);
    entry.before = left_json(*before);
    co_await append_for(tx, user_id, std::move(entry));
    co_return net::empty_response(204);
}

http::Answer commit_change(http::Call& call, Change change, std::string code) {
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    co_await lock_user(tx, call.principal.user_id);
    auto changed = co_await change(call, tx, std::move(code));
    if (changed) co_await tx.commit();
    co_return changed;
}

// Codes are guessed here as well as at sign-in, so both take turns in the account's memory.
http::Answer change_with_code(http::Call& call, Change change) {
    auto given = read_strings(call, {"code"});
    if (!given) co_return given.error();
    const SignInAttempt attempt{call.principal.email, std::string(call.request.peer)};
    const auto held_up = co_await begin_attempt(call.services, attempt);
    if (held_up) co_return too_many_attempts(call, *held_up);
    auto changed = co_await commit_change(call, change, std::move((*given)[0]));
    std::optional<Error> error;
    if (!changed) error = changed.error();
    co_await settle_attempt(call, attempt, call.principal.user_id, error);
    if (error) co_return of_this_body(std::move(*error));
    co_return changed;
}

http::Answer handle_confirm_factor(http::Call& call) { return change_with_code(call, confirm_factor); }
http::Answer handle_recovery_codes(http::Call& call) { return change_with_code(call, renew_recovery_codes); }
http::Answer handle_disable_factor(http::Call& call) { return change_with_code(call, disable_factor); }

using access::Permission;
using http::Caller;
using net::Method;

constexpr http::Route second_factor_table[] = {
    {Method::get, "/api/v1/auth/second-factor", Permission::signed_in, handle_get_factor, "", http::PatchForms::merge,
     Caller::session},
    {Method::post, "/api/v1/auth/second-factor", Permission::signed_in, handle_begin_factor, "",
     http::PatchForms::merge, Caller::session},
    {Method::post, "/api/v1/auth/second-factor/confirm", Permission::signed_in, handle_confirm_factor, "",
     http::PatchForms::merge, Caller::session},
    {Method::post, "/api/v1/auth/second-factor/recovery-codes", Permission::signed_in, handle_recovery_codes, "",
     http::PatchForms::merge, Caller::session},
    {Method::post, "/api/v1/auth/second-factor/disable", Permission::signed_in, handle_disable_factor, "",
     http::PatchForms::merge, Caller::session},
};

}  // namespace

std::span<const http::Route> second_factor_routes() noexcept { return second_factor_table; }

}  // namespace fanion::cp::identity
