#pragma once

// Which organisation a relay key belongs to and which environments it grants: shared by the relay
// stream and by ingest.
//
// authenticate() asks the database each time, because keys and environments change while a relay is
// connected; requests with one key that wait at the same time share an answer to a question that
// was asked after they came. Uses of a key are recorded in memory and written by write_uses(), so
// that no request waits for it. One thread (its I/O thread).

#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/base/error.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/keys/relay_identity.hpp"

namespace fanion::cp::db {
class Pool;
}

namespace fanion::cp::keys {

class RelayKeys {
public:
    explicit RelayKeys(db::Pool& pool) : pool_(pool) {}

    // `credential` is the whole key as shown ("fan_rly_.."). Errors: unauthenticated (no
    // credential, malformed, unknown, expired, not valid yet, revoked), forbidden (a key of another
    // kind), unavailable (the database cannot be reached).
    boost::asio::awaitable<Result<RelayIdentity>> authenticate(std::string_view credential, UnixMillis now);

    // The same key again, for long-lived streams: what it grants now, or unauthenticated once it is
    // revoked or expired.
    boost::asio::awaitable<Result<RelayIdentity>> refresh(const RelayIdentity& identity, UnixMillis now) {
        return identify(identity.key_hash, now);
    }

    // Writes the last use of each key used since its last write, at most once a minute for each.
    // Throws PgError; what was not written stays recorded.
    boost::asio::awaitable<void> write_uses();

private:
    struct Use {
        access::OrgId org_id;
        UnixMillis at = 0;
        UnixMillis written = 0;  // the last use that was written
    };
    struct Question;
    class Asking;
    boost::asio::awaitable<Result<RelayIdentity>> identify(Sha256 hash, UnixMillis now);
    boost::asio::awaitable<Result<RelayIdentity>> ask(Sha256 hash, UnixMillis now);
    void record_use(const RelayIdentity& identity, UnixMillis now);

    db::Pool& pool_;
    std::map<Sha256, std::shared_ptr<Question>> asking_;  // at most one for a key is put to the database at a time
    std::map<Sha256, std::shared_ptr<Question>> next_;    // not put yet: who comes now may wait for it
    std::unordered_map<access::KeyId, Use> uses_;         // by key id; as many as there are valid keys
};

}  // namespace fanion::cp::keys
