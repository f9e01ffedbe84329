#pragma once

// One change of the admin API: a transaction in the organisation's scope, what it publishes, and its audit entry; nothing of
// it happens unless all does.
//
//     auto change = co_await Change::begin(call);
//     ... lock, read, edit, write rows through change.tx() ...
//     auto published = co_await change.publish(env, item, where);   // findings point into the body
//     ... change.reject_warnings_if_strict() ...                                         // ?strict=true
//     change.set_audit_entry(audit::Action::flag_updated, resource, before, after);
//     co_await change.commit();
//     change.add_versions(response);
//     change.add_warnings(response);
//
// One thread. Dropped without commit() nothing has happened.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/audit/entry.hpp"
#include "control-plane/body/findings.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"

namespace fanion::cp::http {

class Edit {
public:
    static boost::asio::awaitable<Edit> begin(Call& call);

    db::Transaction& tx() noexcept { return tx_; }

    // Publishes one item of a locked environment, or with no body its removal. Errors: unprocessable; findings inside that
    // item point into the request's body as `shape` says.
    boost::asio::awaitable<Result<>> publish(const projects::LockedEnvironment& env, wire::ItemChange item,
                                             body::BodyKind shape);
    // What the static checks say of an item that is published already.
    boost::asio::awaitable<void> check(const projects::LockedEnvironment& env, wire::ItemChange item,
                                       body::BodyKind shape);
    boost::asio::awaitable<Result<>> publish_all(const projects::LockedEnvironment& env,
                                                 std::vector<wire::ItemChange> items);

    // With ?strict=true an error when anything published has warnings; call it when all is published.
    Result<> reject_warnings_if_strict() const;

    // The audit entry. States are JSON, none where there was nothing before or is nothing after.
    void set_audit_entry(audit::Action action, std::string resource, std::optional<std::string> before,
                         std::optional<std::string> after);
    boost::asio::awaitable<void> commit();

    // Fanion-Ruleset-Version: production=1763719200.4711, one for each environment that has a new version.
    void add_versions(net::Response& response) const;
    // Adds the member `warnings` when the body is an object; leaves an empty body alone: [{"pointer","code","detail"}] with `item` where that is another one.
    void add_warnings(net::Response& response) const;

private:
    Edit(Call& call, db::Transaction tx) : call_(&call), tx_(std::move(tx)) {}

    struct Version {
        std::string environment;
        publish::Publication publication;
    };
    Call* call_;
    db::Transaction tx_;
    void collect_warnings(std::vector<Finding> warnings);

    std::vector<Version> versions_;
    std::vector<Finding> warnings_;
    std::optional<audit::AuditEntry> entry_;
};

wire::ItemChange put_item(std::string key, std::string body);
wire::ItemChange remove_item(std::string key);

// Who asks, when, from where and for which organisation; action and resource are still to be named.
audit::AuditEntry audit_entry(const Call& call);

// "projects/web/flags/new-checkout": where the audit log finds the resource of this request.
std::string resource_of(const Call& call);

}  // namespace fanion::cp::http
