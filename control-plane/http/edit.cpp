#include "control-plane/http/edit.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "common/json/writer.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/access/assignment_store.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/idempotency_store.hpp"
#include "control-plane/publish/history_store.hpp"

namespace fanion::cp::http {

using boost::asio::awaitable;

Result<Edit::Body> Edit::read(Call& call) {
    if (call.request.method == net::Method::del) return Body();
    auto body = read_body(call);
    if (!body || patch_form(call) != body::PatchForm::instructions) return body;
    const auto comment = read_comment(call, (*body)->root());
    if (!comment) return comment.error();
    return body;
}

Edit::Edit(Call& call, std::optional<db::Transaction> tx, std::unique_ptr<json::Document> document)
    : call_(&call), tx_(std::move(tx)), document_(std::move(document)) {
    comment_ = call.request.query("comment").value_or("");
    if (!document_ || patch_form(call) != body::PatchForm::instructions) return;
    const auto comment = document_->root().find("comment");
    if (comment && comment.is(json::Kind::string) && !comment.as_string().empty()) comment_ = comment.as_string();
}

awaitable<Edit> Edit::begin(Call& call, Body body) {
    if (call.enclosure) co_return Edit(call, std::nullopt, std::move(body));
    auto span = telemetry::open_child(call.place, "transaction");
    auto scope = call.scope();
    auto tx = co_await call.services.pool.begin(std::move(scope));
    tx.set_place(span.place());
    Edit edit(call, std::move(tx), std::move(body));
    edit.span_ = std::move(span);
    co_return std::move(edit);
}

namespace {

// What the routes of a permission can give to others; nullopt: no rights.
std::optional<access::AccessLock> lock_to_give(access::Permission permission) noexcept {
    using access::Permission;
    if (permission == Permission::manage_members || permission == Permission::manage_roles ||
        permission == Permission::manage_organisation) {
        return access::AccessLock::exclusive;
    }
    if (permission == Permission::manage_keys || permission == Permission::manage_tokens) {
        return access::AccessLock::shared;
    }
    return std::nullopt;
}

// Creating an organisation is not among them: the transaction's scope is the new one.
bool takes_idempotency_key(const Call& call) {
    return call.request.method == net::Method::post && call.route.pattern.find("{org}") != std::string_view::npos;
}

}  // namespace

awaitable<Result<>> Edit::readmit() {
    const auto lock = lock_to_give(call_->route.permission);
    if (!lock) co_return boost::system::in_place_value;
    co_await access::lock_access(tx(), call_->org.org_id, *lock);
    if (call_->principal.is_service()) co_return boost::system::in_place_value;  // its role never changes
    auto grants = co_await access::grants_of_member(tx(), call_->org.org_id, call_->principal.user_id);
    if (!grants) co_return not_found("organisation", "{org}");
    call_->org.grants = std::move(*grants);
    co_return admit(*call_);
}

awaitable<std::optional<Result<net::Response>>> Edit::replay() {
    const auto key = call_->request.header("Idempotency-Key");
    if (key.empty() || !takes_idempotency_key(*call_)) co_return std::nullopt;
    if (auto ok = check_idempotency_key(key); !ok) co_return Result<net::Response>(ok.error());
    if (is_dry_run() || call_->is_dry_run) co_return std::nullopt;
    const auto target = path_of(*call_) + '?' + std::string(call_->request.raw_query);
    idempotent_ = idempotent_request(key, call_->principal.actor_id(), target, call_->request.body);
    const auto held = co_await claim_idempotency_key(tx(), call_->org.org_id, *idempotent_, call_->now());
    if (!held) co_return std::nullopt;
    if (held->request_sha256 != idempotent_->request_sha256) co_return Result<net::Response>(reused_key_error());
    auto response = open_response(held->sealed, *idempotent_);
    if (!response) throw std::logic_error("a stored response cannot be opened");
    co_return Result<net::Response>(std::move(*response));
}

awaitable<void> Edit::keep_response(const net::Response& response) {
    if (!idempotent_) co_return;
    auto sealed = seal_response(response, *idempotent_);
    co_await store_idempotent_response(tx(), call_->org.org_id, *idempotent_, std::move(sealed));
}

Result<Before> Edit::match(const std::string& tag, std::string present, bool is_required) {
    auto failed = failed_precondition(*call_, tag, present, is_required);
    if (!failed) return Before(std::move(present));
    if (!*failed) return failed->error();
    mismatch_ = std::move(**failed);
    return Error{Errc::precondition_failed, "If-Match does not list the present version", {}};
}

bool Edit::may_read(const projects::Environment& env) const {
    return call_->permissions_at(env.project_key, env.key).has(access::Permission::read);
}

Error Edit::relocated(Error error, std::string_view item, body::BodyKind shape,
                      const projects::Environment& environment) const {
    error = body::relocate_to_body(std::move(error), item, shape, environment.key);
    places_.locate(error.findings, item);
    if (!may_read(environment)) body::hide_environment(error.findings);
    if (!document_) return error;
    error = rule::locate_in_body(std::move(error), document_->root());
    if (!places_.is_same()) body::clip_to_body(error.findings, document_->root());
    return error;
}

void Edit::add_relocated(std::vector<Finding> warnings, std::string_view item, body::BodyKind shape,
                         const projects::Environment& environment) {
    warnings = body::relocate_warnings(std::move(warnings), item, shape, environment.key);
    places_.locate(warnings, item);
    if (!may_read(environment)) body::hide_environment(warnings);
    if (document_ && !places_.is_same()) body::clip_to_body(warnings, document_->root());
    std::move(warnings.begin(), warnings.end(), std::back_inserter(warnings_));
}

awaitable<Result<>> Edit::publish(const projects::LockedEnvironment& env, wire::ItemChange item, body::BodyKind shape,
                                  ApprovalNeed need) {
    const auto key = item.key;
    std::vector<wire::ItemChange> items;
    items.push_back(item);
    const auto place = place_of(env);
    auto publication = co_await call_->services.publisher.publish(tx(), place, std::move(items), key);
    if (!publication) co_return relocated(publication.error(), key, shape, env);
    is_rejected_if_strict_ = is_rejected_if_strict_ || !publication->warnings().empty();
    add_relocated(publication->warnings(), key, shape, env);
    reports_warnings_ = true;
    std::vector<wire::ItemChange> published;
    published.push_back(std::move(item));
    auto allowed = check_approvals(env, std::move(published), publication->changed(), need);
    if (!allowed) co_return allowed;
    versions_.push_back({env.project_key, env.key, std::move(*publication)});
    co_return boost::system::in_place_value;
}

awaitable<Result<>> Edit::check(const projects::LockedEnvironment& env, wire::ItemChange item, body::BodyKind shape) {
    const auto key = item.key;
    std::vector<wire::ItemChange> items;
    items.push_back(std::move(item));
    auto found = co_await call_->services.publisher.check(tx(), env, std::move(items), key);
    reports_warnings_ = true;
    if (!found) co_return relocated(found.error(), key, shape, env);
    add_relocated(std::move(*found), key, shape, env);
    co_return boost::system::in_place_value;
}

awaitable<Result<>> Edit::publish_all(const projects::LockedEnvironment& env, std::vector<wire::ItemChange> items) {
    const auto place = place_of(env);
    auto publication = co_await call_->services.publisher.publish(tx(), place, items);
    if (!publication) co_return publication.error();
    auto allowed = check_approvals(env, std::move(items), publication->changed(), ApprovalNeed::as_configured);
    if (!allowed) co_return allowed;
    versions_.push_back({env.project_key, env.key, std::move(*publication)});
    co_return boost::system::in_place_value;
}

namespace {

// Of several versions of one environment, the last is what there is after the commit.
void add_version(std::vector<MadeVersion>& versions, MadeVersion made) {
    std::erase_if(versions, [&](const MadeVersion& one) {
        return one.project == made.project && one.environment == made.environment;
    });
    versions.push_back(std::move(made));
}

}  // namespace

void Edit::adopt(Enclosure enclosure) {
    for (auto& version : enclosure.versions) add_version(versions_, std::move(version));
}

void Edit::warn(std::vector<Finding> warnings) {
    is_rejected_if_strict_ = is_rejected_if_strict_ || !warnings.empty();
    std::move(warnings.begin(), warnings.end(), std::back_inserter(warnings_));
}

EditOutcome Edit::created(audit::Action action, const std::string& key, std::string text, std::string tag) const {
    return created_in(path_of(*call_), action, key, std::move(text), std::move(tag));
}

EditOutcome Edit::created_in(std::string collection, audit::Action action, const std::string& key, std::string text,
                             std::string tag) const {
    auto path = std::move(collection) + '/' + key;
    auto response = net::json_response(text, 201);
    response.set("Location", path);
    response.set("ETag", std::move(tag));
    return {std::move(response),
            AuditRecord{action, resource_at(*call_, std::move(path)), std::nullopt, std::move(text)}};
}

EditOutcome Edit::changed_together(std::vector<AuditRecord> records, std::string group, std::string text) const {
    EditOutcome outcome{net::json_response(std::move(text)), std::nullopt, {}, std::move(group)};
    if (records.empty()) return outcome;
    outcome.audit = std::move(records.front());
    outcome.more.assign(std::make_move_iterator(records.begin() + 1), std::make_move_iterator(records.end()));
    return outcome;
}

EditOutcome Edit::changed(audit::Action action, Before before, std::string text, std::string tag) const {
    auto outcome = unchanged(text, std::move(tag));
    outcome.audit = AuditRecord{action, resource_of(*call_), std::move(before.text_), std::move(text)};
    return outcome;
}

EditOutcome Edit::unchanged(std::string text, std::string tag) const {
    return {resource_response(*call_, std::move(text), std::move(tag)), std::nullopt};
}

EditOutcome Edit::deleted(audit::Action action, Before before) const {
    return {net::empty_response(204), AuditRecord{action, resource_of(*call_), std::move(before.text_), std::nullopt}};
}

Result<> Edit::reject_warnings_if_strict() const {
    if (!is_rejected_if_strict_ || call_->request.query("strict") != "true") return boost::system::in_place_value;
    return body::as_strict_error(warnings_);
}

// An edit that publishes an environment several times makes several versions.
void Edit::record_authors(const publish::VersionAuthor& author) {
    for (const auto& version : versions_) {
        const auto& made = version.publication;
        if (!made.changed() || version.has_author) continue;
        publish::record_author(tx(), call_->org.org_id, made.env_id(), made.version(), author);
    }
}

// What the versions of this edit are recorded with.
awaitable<publish::VersionAuthor> Edit::append(AuditRecord record, std::string id, std::string group) {
    auto entry = audit_entry(*call_);
    entry.comment = comment_;
    entry.id = std::move(id);
    entry.group = std::move(group);
    entry.action = record.action;
    entry.resource = std::move(record.resource);
    entry.before = std::move(record.before);
    entry.after = std::move(record.after);
    entry.patch = std::move(record.patch);
    for (const auto& version : versions_) {
        if (!version.publication.changed()) continue;
        entry.published.emplace_back(version.environment, wire::to_string(version.publication.version()));
    }
    if (audit::is_slow_to_compact(entry)) {
        auto work = [held = std::move(entry)]() mutable {
            audit::compact_states(held);
            return std::move(held);
        };
        entry = co_await call_->services.blocking.compute(std::move(work));
    }
    publish::VersionAuthor author;
    author.actor_kind = access::name_of(entry.actor_kind);
    author.actor_id = entry.actor_id;
    author.action = audit::name_of(entry.action);
    author.comment = entry.comment;
    author.audit_id = co_await audit::append_audit(tx(), std::move(entry));
    co_return author;
}

awaitable<Result<>> Edit::commit(EditOutcome outcome) {
    auto* enclosure = call_->enclosure;
    const auto outer_group = enclosure ? enclosure->group : std::string();
    for (const auto& resource : skipped_)
        outcome.more.push_back({audit::Action::stage_skipped, resource, std::nullopt, std::nullopt});
    if (!skipped_.empty() && outcome.group.empty()) outcome.group = audit::new_entry_id();
    const auto group = outer_group.empty() ? outcome.group : outer_group;
    auto author = co_await append(std::move(*outcome.audit), outcome.group, outer_group);
    if (author.audit_id.empty()) co_return not_found("organisation", "{org}");
    for (auto& record : outcome.more) co_await append(std::move(record), {}, group);
    record_authors(author);
    if (enclosure) {
        for (auto& version : versions_) {
            if (!version.publication.changed()) continue;
            version.has_author = true;
            add_version(enclosure->versions, std::move(version));
        }
        co_return boost::system::in_place_value;
    }
    co_await tx_->commit();
    span_.end_as("fanion.transaction.outcome", "committed");
    for (auto& version : versions_) version.publication.committed();
    co_return boost::system::in_place_value;
}

// Nobody is shown what an environment serves that they may not read.
bool Edit::is_shown(const MadeVersion& version) const {
    const auto permissions = call_->permissions_at(version.project, version.environment);
    return version.publication.changed() && permissions.has(access::Permission::read);
}

net::Response Edit::dry_run_response(const EditOutcome& outcome) const {
    const bool is_one = outcome.audit && outcome.group.empty();
    const auto result = is_one ? outcome.audit->after.value_or("null") : outcome.response.body;
    auto text = body::object_text([&](json::Writer& w) {
        w.member("dry_run", true).key("result").raw(result).key("changes").begin_array();
        for (const auto& sentence : preview_.changes) w.string(sentence);
        w.end_array().key("publishes").begin_array();
        for (const auto& version : versions_)
            if (is_shown(version)) w.string(version.environment);
        w.end_array().key("dependants").raw(preview_.dependants);
        w.member("has_more_dependants", preview_.has_more_dependants);
    });
    auto response = net::json_response(std::move(text));
    add_warnings(response, warnings_);
    return response;
}

Answer Edit::finish(Result<EditOutcome> outcome) {
    if (!outcome) {
        if (mismatch_) co_return std::move(*mismatch_);
        co_return outcome.error();
    }
    if (outcome->audit) {
        if (auto ok = reject_warnings_if_strict(); !ok) co_return ok.error();
    }
    if (is_dry_run() && !outcome->is_own_preview) co_return dry_run_response(*outcome);
    auto response = std::move(outcome->response);
    if (call_->is_dry_run) versions_.clear();
    complete(response);
    const bool is_written = outcome->audit || outcome->is_staged;
    if (!is_written || call_->is_dry_run) co_return response;
    co_await keep_response(response);
    if (!outcome->audit) {
        if (!call_->enclosure) co_await tx_->commit();
        if (!call_->enclosure) span_.end_as("fanion.transaction.outcome", "committed");
        co_return response;
    }
    auto committed = co_await commit(std::move(*outcome));
    if (!committed) co_return committed.error();
    co_return response;
}

void Edit::complete(net::Response& response) const {
    std::string text;  // production=1763719200.4711, ..: each environment that has a new version
    for (const auto& version : versions_) {
        if (!is_shown(version)) continue;
        if (!text.empty()) text += ", ";
        text += version.environment + '=' + wire::to_string(version.publication.version());
    }
    if (!text.empty()) response.set("Fanion-Ruleset-Version", std::move(text));
    if (reports_warnings_) add_warnings(response, warnings_);
}

void add_warnings(net::Response& response, const std::vector<Finding>& warnings) {
    if (!response.body.ends_with('}')) return;
    std::string list;
    json::Writer w(list);
    w.begin_array();
    for (const auto& warning : warnings) {
        w.begin_object();
        if (!warning.item.empty()) w.member("item", warning.item);
        w.member("pointer", warning.pointer).member("code", warning.code).member("detail", warning.detail).end_object();
    }
    w.end_array();
    const std::string_view separator = response.body == "{}" ? "" : ",";
    response.body.insert(response.body.size() - 1, std::string(separator) + "\"warnings\":" + list);
}

wire::ItemChange put_item(std::string key, std::string body) {
    return {std::move(key), std::make_shared<const std::string>(std::move(body))};
}

wire::ItemChange remove_item(std::string key) { return {std::move(key), nullptr}; }

audit::AuditEntry audit_entry(const Call& call) {
    audit::AuditEntry entry;
    entry.org_id = call.org.org_id;
    entry.at = call.now();
    entry.actor_kind = call.principal.kind;
    entry.actor_id = call.principal.actor_id();
    entry.credential_id = call.principal.credential_id();
    entry.request_id = std::string(call.request.request_id());
    entry.peer = std::string(call.request.peer);
    entry.comment = call.request.query("comment").value_or("");
    return entry;
}

std::string resource_at(const Call& call, std::string path) {
    const auto prefix = "/api/v1/orgs/" + call.org.key + "/";
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

std::string resource_of(const Call& call) { return resource_at(call, path_of(call)); }

}  // namespace fanion::cp::http
