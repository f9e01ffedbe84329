#include "control-plane/keys/relay_keys.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "common/base/ids.hpp"
#include "common/model/json.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/keys/key_request.hpp"

namespace fanion::cp::keys {

namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr UnixMillis use_resolution = 60'000;

Error unknown_key() { return {Errc::unauthenticated, "this relay key is not known here"}; }

struct KeyRow {
    access::KeyId key_id;
    access::OrgId org_id;
    std::optional<UnixMillis> not_before;
    std::optional<UnixMillis> not_after;
    bool revoked = false;
};

KeyRow to_key_row(db::Row row) {
    KeyRow key;
    key.key_id = access::KeyId(row.string(0));
    key.org_id = access::OrgId(row.string(1));
    key.not_before = row.optional_time(2);
    key.not_after = row.optional_time(3);
    key.revoked = row.boolean(4);
    return key;
}

Result<> check_validity(const KeyRow& key, UnixMillis now) {
    if (key.revoked) return Error{Errc::unauthenticated, "the relay key was revoked"};
    if (key.not_before && now < *key.not_before) return Error{Errc::unauthenticated, "the relay key is not valid yet"};
    if (key.not_after && now >= *key.not_after) return Error{Errc::unauthenticated, "the relay key has expired"};
    return {};
}

}  // namespace

constexpr db::Statement relay_key_by_hash_sql{
    "relay_key_by_hash",
    "SELECT k.key_id, k.org_id, k.not_before, k.not_after, k.revoked_at IS NOT NULL, k.kind, e.env_id, e.is_deleted "
    "FROM find_api_key($1) k LEFT JOIN LATERAL environments_of_key(k.org_id, k.project_id, k.env_id) e ON true"};

awaitable<Result<RelayIdentity>> RelayKeys::authenticate(std::string_view credential, UnixMillis now) {
    const auto parsed = parse_api_key(credential);
    if (!parsed) co_return Error{Errc::unauthenticated, "send a relay key: Authorization: Bearer fan_rly_.."};
    if (parsed->kind != key_prefix(model::AccessEntry::Kind::relay))
        co_return Error{Errc::forbidden, "this is not a relay key"};
    const Sha256 hash = sha256(credential);
    co_return co_await identify(hash, now);
}

struct RelayKeys::Question {
    explicit Question(const asio::any_io_executor& executor) : ended(executor, asio::steady_timer::time_point::max()) {}

    std::optional<Result<RelayIdentity>> answer;  // none at the end: it could not be put
    asio::steady_timer ended;
};

// Who puts a question for all that wait. Ends it, however the coroutine ends.
class RelayKeys::Asking {
public:
    Asking(RelayKeys& keys, const Sha256& hash, std::shared_ptr<Question> question)
        : keys_(keys), hash_(hash), question_(std::move(question)) {
        keys_.next_.emplace(hash_, question_);
    }
    Asking(const Asking&) = delete;
    ~Asking() {
        for (auto* questions : {&keys_.next_, &keys_.asking_}) {
            const auto at = questions->find(hash_);
            if (at != questions->end() && at->second == question_) questions->erase(at);
        }
        question_->ended.cancel();
    }
    // From now on others wait for the next one.
    void begin() {
        keys_.next_.erase(hash_);
        keys_.asking_.emplace(hash_, question_);
    }

private:
    RelayKeys& keys_;
    Sha256 hash_;
    std::shared_ptr<Question> question_;
};

awaitable<Result<RelayIdentity>> RelayKeys::identify(Sha256 hash, UnixMillis now) {
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    for (auto at = next_.find(hash); at != next_.end(); at = next_.find(hash)) {
        const auto question = at->second;
        co_await question->ended.async_wait(token);
        if (question->answer) co_return *question->answer;
    }
    const auto executor = co_await asio::this_coro::executor;
    const auto question = std::make_shared<Question>(executor);
    Asking asking(*this, hash, question);
    for (auto at = asking_.find(hash); at != asking_.end(); at = asking_.find(hash)) {
        const auto other = at->second;
        co_await other->ended.async_wait(token);
    }
    asking.begin();
    question->answer = co_await ask(hash, now);
    co_return *question->answer;
}

awaitable<Result<RelayIdentity>> RelayKeys::ask(Sha256 hash, UnixMillis now) {
    try {
        const auto rows = co_await pool_.run_once(db::Scope::none(), relay_key_by_hash_sql, hash);
        if (rows.empty()) co_return unknown_key();
        const auto row = rows[0];
        if (row.text(5) != model::name_of(model::AccessEntry::Kind::relay))
            co_return Error{Errc::forbidden, "this is not a relay key"};
        const auto key = to_key_row(row);
        if (auto valid = check_validity(key, now); !valid) co_return valid.error();
        RelayIdentity identity{key.key_id, key.org_id, hash, {}, {}, key.not_after};
        for (const auto granted : rows) {
            if (granted.is_null(6)) continue;  // no environment
            auto& env_ids = granted.boolean(7) ? identity.deleted_env_ids : identity.env_ids;
            env_ids.emplace_back(granted.string(6));
        }
        std::sort(identity.env_ids.begin(), identity.env_ids.end());
        std::sort(identity.deleted_env_ids.begin(), identity.deleted_env_ids.end());
        record_use(identity, now);
        co_return identity;
    } catch (const db::PgError& error) {
        if (!error.is_unavailable()) throw;
        co_return Error{Errc::unavailable, "the database is unavailable; try again"};
    }
}

void RelayKeys::record_use(const RelayIdentity& identity, UnixMillis now) {
    auto& use = uses_[identity.key_id];
    use.org_id = identity.org_id;
    use.at = std::max(use.at, now);
}

// Other replicas write the same keys.
constexpr db::Statement touch_relay_key_sql{
    "touch_relay_key",
    "UPDATE api_keys SET last_used_at = $2 "
    "WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')"};

awaitable<void> RelayKeys::write_uses() {
    std::vector<access::KeyId> due;
    for (const auto& [key_id, use] : uses_) {
        if (use.at - use.written >= use_resolution) due.push_back(key_id);
    }
    for (const auto& key_id : due) {
        const auto use = uses_[key_id];
        const db::Time at{use.at};
        auto scope = db::Scope::tenant(use.org_id.str());
        co_await pool_.run_once(std::move(scope), touch_relay_key_sql, key_id, at);
        uses_[key_id].written = use.at;
    }
}

}  // namespace fanion::cp::keys
