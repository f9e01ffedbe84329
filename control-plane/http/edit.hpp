#pragma once

// One edit of the admin API, from the request's body to its response. edit_resource() owns the
// protocol: it reads the body, begins a transaction in the organisation's scope, calls a function
// that does what is particular to the resource, and then applies ?strict=true, appends the audit
// entry, commits, and sets the response's headers and warnings. Either all of it happens or
// nothing.
//
// clang-format off
//     http::EditResult change_member(http::Edit& edit) {
//         auto member = co_await lock_member(edit.tx(), edit.call().org.org_id, access::UserId(edit.call().param("member")));
//         if (!member) co_return http::not_found("member", "{member}");
//         auto before = edit.match(tag_of(*member), to_json(*member));                      // If-Match
//         if (!before) co_return before.error();
//         ... change *member as edit.body() says, write its row through edit.tx(), edit.publish(..) ...
//         co_return edit.changed(audit::Action::member_updated, std::move(*before), to_json(*member), tag_of(*member));
//     }
//     http::Answer handle_change_member(http::Call& call) { return http::edit_resource(call, change_member); }
// clang-format on
//
// The function ends with an error, which rolls everything back, or with an outcome: created(),
// changed(), deleted(), or unchanged(), which writes nothing. changed() and deleted() want the
// Before that only match() returns, so that a forgotten precondition does not compile.

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/telemetry/tracer.hpp"
#include "control-plane/audit/entry.hpp"
#include "control-plane/body/findings.hpp"
#include "control-plane/body/patch.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/enclosure.hpp"
#include "control-plane/http/idempotency.hpp"
#include "control-plane/publish/history_store.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"

namespace fanion::cp::http {

// The state that If-Match was compared with, as JSON. Made by Edit::match() only.
class Before {
public:
    const std::string& text() const noexcept { return text_; }

private:
    friend class Edit;
    explicit Before(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// What the audit log says of an edit. States are JSON; none where nothing was there before, or
// nothing is left.
struct AuditRecord {
    audit::Action action{};
    std::string resource;  // see resource_of()
    std::optional<std::string> before;
    std::optional<std::string> after;
    std::optional<std::string> patch = {};  // JSON Patch from one to the other; none: it is found by comparing them
};

struct EditOutcome {
    net::Response response;
    std::optional<AuditRecord> audit;    // none: nothing was changed, and the transaction is dropped
    std::vector<AuditRecord> more = {};  // of the same change
    std::string group = {};              // of a change that may have several records: the first one's id
    bool is_own_preview = false;         // `response` is what a dry run answers
    bool is_staged = false;              // without an entry: what is written changes no resource yet
};
using EditResult = boost::asio::awaitable<Result<EditOutcome>>;

// What a dry run answers besides the result and its warnings.
struct Preview {
    std::vector<std::string> changes;  // sentences
    std::string dependants = "[]";     // JSON
    bool has_more_dependants = false;
};

// Whether an environment's approvals are asked for. Not for what nobody can have used yet: a new
// flag or segment that is configured as it is by default.
enum class ApprovalNeed { as_configured, none };

// What edit_resource() hands to the function. One thread; lives until the response is made.
class Edit {
public:
    Call& call() const noexcept { return *call_; }
    db::Transaction& tx() noexcept { return call_->enclosure ? call_->enclosure->tx : *tx_; }
    // The request's body, an object; valid as long as the edit. Empty for DELETE.
    json::Value body() const { return document_ ? document_->root() : json::Value(); }
    // The body of a PATCH, which is an array if it is a JSON Patch.
    body::Patch patch() const { return {patch_form(*call_).value_or(body::PatchForm::merge), body()}; }
    // Where the parts of the published item come from; without this call, from the same places of
    // the body.
    void set_places(body::Places places) { places_ = std::move(places); }
    // The audit entry's, from now on: what ?comment= says, or the body of instructions.
    void set_comment(std::string comment) { comment_ = std::move(comment); }

    // Compares If-Match with the entity tag of the present state. Errors: precondition_failed,
    // which is answered by 412 with `present`; precondition_required when the header is missing and
    // `is_required`.
    Result<Before> match(const std::string& tag, std::string present, bool is_required = false);

    // Publishes one item of a locked environment, or with no body its removal; ?strict=true refuses
    // its warnings. Errors: unprocessable; findings inside that item point into the request's body
    // as `shape` says. Conflict (approval_required) where the environment's flags and segments
    // change by approved requests only, and unprocessable (comment_required) where they change with
    // a comment only: this and publish_all() are the places that hold it.
    boost::asio::awaitable<Result<>> publish(const projects::LockedEnvironment& env, wire::ItemChange item,
                                             body::BodyKind shape, ApprovalNeed need = ApprovalNeed::as_configured);
    // Collects the warnings about an item that is not published; ?strict=true ignores them. Errors:
    // those of publish().
    boost::asio::awaitable<Result<>> check(const projects::LockedEnvironment& env, wire::ItemChange item,
                                           body::BodyKind shape);
    // Publishes items that are not checked for warnings. Errors: unprocessable, conflict.
    boost::asio::awaitable<Result<>> publish_all(const projects::LockedEnvironment& env,
                                                 std::vector<wire::ItemChange> items);
    // Takes over what a change did that was a part of this edit (call_route() with an enclosure
    // whose transaction is tx()). Its audit entries are appended already.
    void adopt(Enclosure enclosure);
    // For what changes an environment's configurations later, of its own accord: as publishing them
    // now would. Errors: conflict, approval_required; unprocessable, comment_required.
    Result<> require_approvals(const projects::LockedEnvironment& env);
    // Adds to the warnings; ?strict=true refuses them.
    void warn(std::vector<Finding> warnings);
    // The response has the member `warnings` even when nothing is checked.
    void report_warnings() noexcept { reports_warnings_ = true; }

    // ?dry_run=true: the function does what it always does, and finish() drops the transaction and
    // answers with what would have happened. The preview is then wanted.
    bool is_dry_run() const { return call_->request.query("dry_run") == "true"; }
    void set_preview(Preview preview) { preview_ = std::move(preview); }

    // 201 with `text`, Location and ETag; `key` is the last segment of the new resource's path.
    EditOutcome created(audit::Action action, const std::string& key, std::string text, std::string tag) const;
    // The same for a resource that is in another collection than the request's path.
    EditOutcome created_in(std::string collection, audit::Action action, const std::string& key, std::string text,
                           std::string tag) const;
    // 200 with `text` and ETag.
    EditOutcome changed(audit::Action action, Before before, std::string text, std::string tag) const;
    EditOutcome unchanged(std::string text, std::string tag) const;
    // 200 with `text`, for several resources that are changed as one: an audit entry for each,
    // which all have the group. Nothing is changed if there are no records.
    EditOutcome changed_together(std::vector<AuditRecord> records, std::string group, std::string text) const;
    // 204.
    EditOutcome deleted(audit::Action action, Before before) const;

    // For edit_resource() alone. read() has the errors of read_body(), and is null for DELETE;
    // finish() turns the function's result into the response and commits.
    using Body = std::unique_ptr<json::Document>;
    static Result<Body> read(Call& call);
    static boost::asio::awaitable<Edit> begin(Call& call, Body body);
    // Where the edit may give rights away: admits the request again, by the caller's roles as they
    // are now, and keeps them so until the transaction ends. Errors: those of admit(); not_found
    // when the caller is no member any more.
    boost::asio::awaitable<Result<>> readmit();
    // With an Idempotency-Key: the first response to the same request, or an error; nothing where
    // the request is to be carried out.
    boost::asio::awaitable<std::optional<Result<net::Response>>> replay();
    Answer finish(Result<EditOutcome> outcome);

private:
    Edit(Call& call, std::optional<db::Transaction> tx, std::unique_ptr<json::Document> document);

    // From places in the ruleset to places in the body.
    Error relocated(Error error, std::string_view item, body::BodyKind shape,
                    const projects::Environment& environment) const;
    void add_relocated(std::vector<Finding> warnings, std::string_view item, body::BodyKind shape,
                       const projects::Environment& environment);
    projects::LockedEnvironment place_of(const projects::LockedEnvironment& env);
    bool may_read(const projects::Environment& env) const;
    std::string shown_name(const projects::Environment& env) const;
    void warn_once(Finding warning);
    Result<> reject_warnings_if_strict() const;
    // Error: unprocessable, comment_required.
    Result<> require_comment(const projects::LockedEnvironment& env);
    // Errors: those of require_approvals().
    Result<> check_approvals(const projects::LockedEnvironment& env, std::vector<wire::ItemChange> items,
                             bool is_changed, ApprovalNeed need);
    boost::asio::awaitable<publish::VersionAuthor> append(AuditRecord record, std::string id, std::string group);
    // Error: not_found, when the organisation has been deleted since the request began.
    boost::asio::awaitable<Result<>> commit(EditOutcome outcome);
    boost::asio::awaitable<void> keep_response(const net::Response& response);
    void complete(net::Response& response) const;
    bool is_shown(const MadeVersion& version) const;
    net::Response dry_run_response(const EditOutcome& outcome) const;
    void record_authors(const publish::VersionAuthor& author);

    Call* call_;
    telemetry::OpenSpan span_;           // of the transaction
    std::optional<db::Transaction> tx_;  // none where the edit is a part of another one
    std::unique_ptr<json::Document> document_;
    body::Places places_ = body::Places::same();
    std::string comment_;
    Preview preview_;
    std::optional<IdempotentRequest> idempotent_;  // the request has taken its key
    std::optional<net::Response> mismatch_;        // the response to a failed match()
    std::vector<MadeVersion> versions_;
    std::vector<Finding> warnings_;
    std::set<std::string> skipped_;  // resources of environments whose stages this change skips
    bool reports_warnings_ = false;
    bool is_rejected_if_strict_ = false;
};

// `apply` is called with the edit and then with `args`, which live until the response is made.
template <class... Params, class... Args>
Answer edit_resource(Call& call, EditResult (*apply)(Edit&, Params...), Args... args) {
    auto body = Edit::read(call);
    if (!body) co_return body.error();
    auto edit = co_await Edit::begin(call, std::move(*body));
    if (auto ok = co_await edit.readmit(); !ok) co_return ok.error();
    auto replayed = co_await edit.replay();
    if (replayed) co_return std::move(*replayed);
    auto outcome = co_await apply(edit, args...);
    auto response = co_await edit.finish(std::move(outcome));
    co_return response;
}

// The same for a request whose body is not JSON, or has been read.
template <class... Params, class... Args>
Answer edit_resource_without_json(Call& call, EditResult (*apply)(Edit&, Params...), Args... args) {
    auto edit = co_await Edit::begin(call, {});
    auto replayed = co_await edit.replay();
    if (replayed) co_return std::move(*replayed);
    auto outcome = co_await apply(edit, std::move(args)...);
    auto response = co_await edit.finish(std::move(outcome));
    co_return response;
}

// The same for a body that can be judged alone: what `parse` refuses takes no connection of the
// database.
template <class T>
Answer edit_resource(Call& call, Result<T> (*parse)(json::Value), EditResult (*apply)(Edit&, T)) {
    auto body = Edit::read(call);
    if (!body) co_return body.error();
    auto parsed = parse((*body)->root());
    if (!parsed) co_return parsed.error();
    auto edit = co_await Edit::begin(call, std::move(*body));
    if (auto ok = co_await edit.readmit(); !ok) co_return ok.error();
    auto replayed = co_await edit.replay();
    if (replayed) co_return std::move(*replayed);
    auto outcome = co_await apply(edit, std::move(*parsed));
    auto response = co_await edit.finish(std::move(outcome));
    co_return response;
}

// Adds the member `warnings`: [{"item","pointer","code","detail"}], with `item` where it is another
// than the body's. The response's body is an object; any other, as the empty one of 204, is left
// alone.
void add_warnings(net::Response& response, const std::vector<Finding>& warnings);

wire::ItemChange put_item(std::string key, std::string body);
wire::ItemChange remove_item(std::string key);

// Who asks, when, from where, for which organisation and with which comment; the caller adds action
// and resource.
audit::AuditEntry audit_entry(const Call& call);

// "projects/web/flags/new-checkout": path_of() below the organisation's, under which the audit log
// finds the resource however the request spelled its path.
std::string resource_of(const Call& call);
// The same of another path, which path_of() could have made.
std::string resource_at(const Call& call, std::string path);

}  // namespace fanion::cp::http
