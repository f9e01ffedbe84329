#pragma once

// Publishes the next ruleset version of an environment inside the transaction that changes its
// rows. Publisher implements it; those who change rows see only this interface.
//
//     auto env = co_await projects::lock_environment(tx, project_id, "production");
//     ... change the rows ...
//     auto published = co_await sink.publish(tx, *env, std::move(changes));
//     if (!published) co_return published.error();           // findings say which item and where; drop the transaction
//     ... audit entry ...
//     co_await tx.commit();
//     published->committed();
//
// A change of several environments locks them all first (lock_environments), publishes each in that
// order, commits once and then calls committed() on each.

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/crypto.hpp"
#include "common/base/error.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/projects/environment_store.hpp"

namespace fanion::cp::publish {

// A version that exists once the transaction it was made in commits. Move-only. Dropping it without
// committed() is right after a rollback, and harmless after a commit whose answer was lost: the
// next publish reads the rows again.
class Publication {
public:
    Publication() = default;  // empty: Asio default-constructs results
    Publication(access::EnvironmentId env_id, wire::Version version, const Sha256& root, bool changed,
                std::function<void()> on_committed = {})
        : env_id_(std::move(env_id)),
          version_(version),
          root_(root),
          changed_(changed),
          on_committed_(std::move(on_committed)) {}
    Publication(Publication&&) noexcept = default;
    Publication& operator=(Publication&&) noexcept = default;

    const access::EnvironmentId& env_id() const noexcept { return env_id_; }
    wire::Version version() const noexcept { return version_; }
    const Sha256& root() const noexcept { return root_; }
    // False when the content was already the same: nothing was written and `version` is the present
    // one.
    bool changed() const noexcept { return changed_; }
    // What the static checks found in the item `checked`.
    const std::vector<Finding>& warnings() const noexcept { return warnings_; }
    void set_warnings(std::vector<Finding> warnings) { warnings_ = std::move(warnings); }

    // Call it once, after the transaction's commit() has returned.
    void committed() {
        if (auto run = std::exchange(on_committed_, nullptr)) run();
    }

private:
    access::EnvironmentId env_id_;
    wire::Version version_{};
    Sha256 root_{};
    bool changed_ = false;
    std::vector<Finding> warnings_;
    std::function<void()> on_committed_;
};

class RulesetPublisher {
public:
    virtual ~RulesetPublisher() = default;

    // Applies `changes` (each key once; a body puts, none removes; bodies are compact JSON as
    // common/model writes them) to the environment's published content, compiles the whole, and
    // writes the new version: items, manifests, the environment's row, an outbox row of kind
    // "version" and one NOTIFY. In an environment with stages a change of flags or segments is held
    // back from relays without the label; what passes beneath a held version makes two versions,
    // and the publication is of the second. `env` must be locked by `tx`. The item "environment" is
    // the publisher's own, made from `env`: it must not be among the changes. For a new environment
    // `changes` may be empty. `checked`: the key of an item whose static checks the caller wants,
    // or empty. Errors: unprocessable with the compiler's findings; too_large past 32 MiB. Throws
    // PgError, and std::logic_error for a change of the item "environment".
    virtual boost::asio::awaitable<Result<Publication>> publish(db::Transaction& tx,
                                                                const projects::LockedEnvironment& env,
                                                                std::vector<wire::ItemChange> changes,
                                                                std::string checked = {}) = 0;

    // Takes back what is held (stage.hpp): the next version, for all relays, has exactly the
    // content that relays without the label have, whatever the rows of flags and segments say. The
    // caller ends the stage. Errors: as for publish(); not_found when nothing is held, or the
    // released version is not kept any more. Throws PgError.
    virtual boost::asio::awaitable<Result<Publication>> withdraw(db::Transaction& tx,
                                                                 const projects::LockedEnvironment& env) = 0;

    // The same as publish() without writing anything; the warnings of the item `checked`. `env`
    // need not be locked by more than a read.
    virtual boost::asio::awaitable<Result<std::vector<Finding>>> check(db::Transaction& tx,
                                                                       const projects::Environment& env,
                                                                       std::vector<wire::ItemChange> changes,
                                                                       std::string checked = {}) = 0;
};

}  // namespace fanion::cp::publish
