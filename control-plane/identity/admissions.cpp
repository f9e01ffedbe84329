#include "control-plane/identity/admissions.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace fanion::cp::identity {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

std::string key_of(const Credential& credential, std::string_view org_key) {
    std::string key(1, static_cast<char>('0' + static_cast<int>(credential.kind)));
    key += credential.id;
    key += '\n';
    key += org_key;
    return key;
}

std::size_t cost_of(const access::NamedRole& role) noexcept { return sizeof role + role.key.size(); }

std::size_t cost_of(const access::Membership& org) noexcept {
    auto cost = org.org_id.str().size() + org.key.size() + org.name.size() + cost_of(org.grants.role());
    for (const auto& [project, environment, role] : org.grants.assignments())
        cost += sizeof(access::Assignment) + project.size() + environment.size() + role.key.size();
    return cost;
}

}  // namespace

std::size_t cost_of(const Admission& admission) noexcept {
    // The control block, and the cache's entry with its key, which it holds twice.
    constexpr std::size_t of_each = 512;
    const auto& who = admission.principal;
    return of_each + sizeof admission + 3 * admission.credential.id.size() + admission.state.size() + who.email.size() +
           who.name.size() + (admission.org ? cost_of(*admission.org) : 0);
}

awaitable<AdmissionPtr> Admissions::recall(const Credential& credential, std::string_view org_key, UnixMillis now) {
    const auto* known = known_.find(key_of(credential, org_key));
    if (known == nullptr || tasks_.stop_requested()) co_return nullptr;
    const auto admission = *known;
    const auto state = co_await present_state(admission, now);
    if (state != admission->state) co_return nullptr;
    co_return admission;
}

void Admissions::keep(std::string_view org_key, AdmissionPtr admission) {
    // Of somebody who is no member there is no state that would change with a membership.
    const bool is_stranger = !org_key.empty() && !admission->org;
    if (admission->state.empty() || is_stranger) return;
    const auto key = key_of(admission->credential, org_key);
    const auto cost = cost_of(*admission);
    known_.put(key, std::move(admission), cost);
}

Result<AccessClaims> Admissions::verify(const AccessTokens& tokens, std::string_view token, UnixMillis now) {
    if (const auto* known = claims_.find(token)) {
        if (known->expires_at > now) return *known;
        claims_.erase(token);
    }
    auto claims = tokens.verify(token, now);
    if (claims) claims_.put(token, *claims, 1);
    return claims;
}

awaitable<std::string> Admissions::present_state(AdmissionPtr admission, UnixMillis now) {
    auto executor = co_await asio::this_coro::executor;
    const auto question = std::make_shared<Question>(executor, std::move(admission), now);
    question->answered.expires_at(asio::steady_timer::time_point::max());
    waiting_.push_back(question);
    if (!is_answering_) {
        is_answering_ = true;
        tasks_.spawn("admission_states", answer_all());
        if (tasks_.stop_requested()) co_return "";  // it may not have been started
    }
    while (!question->is_answered) {
        const auto [ec] = co_await question->answered.async_wait(asio::as_tuple(asio::use_awaitable));
        if (ec && !question->is_answered) throw boost::system::system_error(ec);  // the request is cancelled
    }
    if (question->failure) std::rethrow_exception(question->failure);
    co_return std::move(question->state);
}

// One statement at a time: those who ask meanwhile are answered by the next one, whose snapshot is younger than their questions.
awaitable<void> Admissions::answer_all() {
    co_await asio::this_coro::throw_if_cancelled(false);  // who has asked is answered, also at the end
    while (!waiting_.empty()) {
        const auto questions = std::exchange(waiting_, {});
        co_await answer(questions);
    }
    is_answering_ = false;
}

// Does not throw: whoever asks gets what it failed with, the task's cancellation too.
awaitable<void> Admissions::answer(const Questions& questions) {
    std::exception_ptr failure;
    std::vector<std::string> states;
    try {
        std::vector<Credential> credentials;
        std::vector<access::OrgId> orgs;
        UnixMillis now = 0;
        for (const auto& question : questions) {
            credentials.push_back(question->admission->credential);
            orgs.push_back(question->admission->org ? question->admission->org->org_id : access::OrgId());
            now = std::max(now, question->now);
        }
        states = co_await admission_states(pool_, std::move(credentials), std::move(orgs), now);
    } catch (...) {
        failure = std::current_exception();
    }
    for (std::size_t i = 0; i < questions.size(); ++i) {
        questions[i]->failure = failure;
        if (!failure) questions[i]->state = std::move(states[i]);
        questions[i]->is_answered = true;
        questions[i]->answered.cancel();
    }
}

}  // namespace fanion::cp::identity
