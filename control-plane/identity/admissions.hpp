#pragma once

// What has been found out about credentials, so that a read does not ask for all of it again. One
// thread (its I/O thread).
//
// Nothing is taken on trust: whether what is known still holds is asked of the database for each
// request, after it has arrived, in one statement for all requests that are waiting
// (admission_states). So a session that has ended, or a role that was taken away, is noticed by the
// next request at any replica, as if nothing were remembered.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/lru_cache.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/admission_store.hpp"

namespace fanion::cp::identity {

struct Admission {
    Credential credential;
    http::Principal principal;
    std::optional<access::Membership> org;  // nullopt: the path names none, or none of the person's
    std::optional<UnixMillis> last_used_at;
    std::string state;  // see admission_store.hpp; empty: the credential is not in force
};
using AdmissionPtr = std::shared_ptr<const Admission>;

// About how many bytes it takes to remember the admission. A member may have a role of their own in
// every environment.
std::size_t cost_of(const Admission& admission) noexcept;

class Admissions {
public:
    static constexpr std::size_t most_bytes = 16 * 1024 * 1024;  // of admissions
    static constexpr std::size_t most_tokens = 10'000;

    Admissions(db::Pool& pool, net::TaskGroup& tasks) : pool_(pool), tasks_(tasks) {}
    Admissions(const Admissions&) = delete;

    // What is known of a credential in the organisation that has the key `org_key` (empty: none),
    // and still holds; null: nothing. Throws PgError.
    boost::asio::awaitable<AdmissionPtr> recall(const Credential& credential, std::string_view org_key, UnixMillis now);
    // Only what was read by one statement, with its state.
    void keep(std::string_view org_key, AdmissionPtr admission);

    // AccessTokens::verify(), but that the signature of a token is verified only the first time.
    Result<AccessClaims> verify(const AccessTokens& tokens, std::string_view token, UnixMillis now);

private:
    struct Question {
        Question(boost::asio::any_io_executor executor, AdmissionPtr a, UnixMillis at)
            : admission(std::move(a)), now(at), answered(std::move(executor)) {}
        AdmissionPtr admission;
        UnixMillis now;
        std::string state;
        std::exception_ptr failure;
        bool is_answered = false;
        boost::asio::steady_timer answered;  // cancelled when the answer is there
    };
    using Questions = std::vector<std::shared_ptr<Question>>;

    boost::asio::awaitable<std::string> present_state(AdmissionPtr admission, UnixMillis now);
    boost::asio::awaitable<void> answer_all();
    boost::asio::awaitable<void> answer(const Questions& questions);

    db::Pool& pool_;
    net::TaskGroup& tasks_;
    LruCache<AdmissionPtr> known_{most_bytes};
    LruCache<AccessClaims> claims_{most_tokens};  // by the text of the token, which is short
    Questions waiting_;
    bool is_answering_ = false;
};

}  // namespace fanion::cp::identity
