#include "control-plane/identity/sign_in_attempts.hpp"

#include <algorithm>

#include "common/net/task_group.hpp"
#include "control-plane/http/problem.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/email.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/identity/sign_in_delay.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

std::string subject_text(std::string_view email) {
    return email.size() > 300 ? "too long" : email_key(email);  // no account has an address of that length
}

std::string account_subject(const SignInAttempt& attempt) {
    return (attempt.is_token ? "token:" : "account:") + subject_text(attempt.account);
}

std::string pair_subject(const SignInAttempt& attempt) {
    return "address:" + attempt.address + ' ' + account_subject(attempt);
}

// The rows are locked in this order by everybody: the account's, then the one of the account at the address.
awaitable<Reservation> reserve(http::Services& services, SignInAttempt attempt) {
    const auto now = services.clock.now();
    auto tx = co_await services.pool.begin(db::Scope::none());
    auto account = co_await lock_sign_in_failures(tx, account_subject(attempt), now);
    auto at_address = co_await lock_sign_in_failures(tx, pair_subject(attempt), now);
    const bool is_known = co_await has_signed_in_from(tx, attempt.account, attempt.address);
    const auto reservation = reserve_attempt(account, at_address, is_known, now);
    if (!reservation.is_admitted) co_return reservation;
    co_await put_sign_in_failures(tx, account_subject(attempt), account);
    co_await put_sign_in_failures(tx, pair_subject(attempt), at_address);
    co_await tx.commit();
    co_return reservation;
}

awaitable<void> take_back_in(db::Transaction& tx, std::string subject, UnixMillis now) {
    auto failures = co_await lock_sign_in_failures(tx, subject, now);
    take_back(failures);
    if (failures.count == 0) {
        co_await delete_sign_in_failures(tx, std::move(subject));
    } else {
        co_await put_sign_in_failures(tx, std::move(subject), failures);
    }
}

}  // namespace

awaitable<std::optional<milliseconds>> begin_attempt(http::Services& services, SignInAttempt attempt) {
    const auto reservation = co_await reserve(services, std::move(attempt));
    if (!reservation.is_admitted) co_return reservation.wait;
    if (reservation.wait.count() > 0) co_await net::sleep_for(reservation.wait);
    co_return std::nullopt;
}

awaitable<void> end_attempt(http::Services& services, SignInAttempt attempt, access::UserId user_id) {
    const auto now = services.clock.now();
    auto tx = co_await services.pool.begin(db::Scope::none());
    co_await take_back_in(tx, account_subject(attempt), now);
    co_await delete_sign_in_failures(tx, pair_subject(attempt));
    if (!user_id.empty()) co_await remember_sign_in_address(tx, std::move(user_id), attempt.address, now);
    co_await tx.commit();
}

awaitable<void> cancel_attempt(http::Services& services, SignInAttempt attempt) {
    const auto now = services.clock.now();
    auto tx = co_await services.pool.begin(db::Scope::none());
    co_await take_back_in(tx, account_subject(attempt), now);
    co_await take_back_in(tx, pair_subject(attempt), now);
    co_await tx.commit();
}

void fail_attempt(http::Call& call, const SignInAttempt& attempt, access::UserId user_id) {
    call.services.log.warn("sign_in_failed", {{"address", attempt.address}});
    record_denial(call, std::move(user_id));
}

net::Response too_many_attempts(http::Call& call, milliseconds wait) {
    const auto seconds = std::to_string(std::max<std::int64_t>(1, (wait.count() + 999) / 1000));
    const Error error{Errc::rate_limited, "too many failed sign-ins; try again in " + seconds + " s", {}};
    auto response = http::problem(error, call.request);
    response.set("Retry-After", seconds);
    return response;
}

}  // namespace fanion::cp::identity
