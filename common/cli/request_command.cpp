#include <memory>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"
#include "common/cli/pages.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct RequestOptions {
    FlagOptions place;
    std::string id, state;
    std::string title, description, changes, revert;
    std::vector<std::string> reviewers;
    bool is_draft = false, is_preview = false, is_sure = false;
    std::string digest, comment, reason, text, at;
};
using RequestOptionsPtr = std::shared_ptr<RequestOptions>;

std::string requests_path(const FlagPlace& place) { return place.environment() + "/requests"; }

// "1/2": those that stand, and those that are wanted.
std::string approvals_of(json::Reader& r) {
    auto result = r.object("result");
    const auto required = result.unsigned_integer("approvals_required");
    std::size_t standing = 0;
    for (auto& approval : r.array("approvals")) standing += approval.boolean("stands") ? 1 : 0;
    return std::to_string(standing) + '/' + std::to_string(required);
}

std::vector<std::string> request_row(json::Reader& r) {
    return {r.string("id"), r.string("state"), approvals_of(r), r.string("created_at"), r.string("title")};
}

// What those look at who decide about it.
std::string request_text(json::Reader& r) {
    std::vector<std::vector<std::string>> rows{{"id", r.string("id")}, {"title", r.string("title")}};
    for (const auto* member : {"description", "state", "reason"})
        if (auto text = r.string(member, ""); !text.empty()) rows.push_back({member, std::move(text)});
    rows.push_back({"author", r.object("author").string("id")});
    rows.push_back({"approvals", approvals_of(r)});
    for (auto& approval : r.array("approvals")) {
        auto text = approval.string("user") + (approval.boolean("stands") ? "" : ", of another result");
        if (const auto comment = approval.string("comment", ""); !comment.empty()) text += ": " + comment;
        rows.push_back({"approved by", std::move(text)});
    }
    auto result = r.object("result");
    for (auto& sentence : result.strings("changes")) rows.push_back({"change", std::move(sentence)});
    rows.push_back({"digest", result.string("digest", "")});
    return table(rows);
}

Exit run_request_list(const RequestOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto query = options.state.empty() ? "" : "&state=" + percent_encode(options.state);
    const auto items = read_list(place->client(), requests_path(*place), query);
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"ID", "STATE", "APPROVALS", "CREATED", "TITLE"}, request_row);
}

Exit run_request_get(const RequestOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    auto path = requests_path(*place) + '/' + percent_encode(options.id);
    if (options.is_preview) path += "/preview";
    const auto response = place->client().call({.path = path});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body : request_text(r));
    return Exit::ok;
}

// Prints `done` with the id of what the response has.
Exit print_request(const Result<net::ClientResponse>& response, const Terminal& terminal, const std::string& done) {
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body : done + ' ' + r.string("id"));
    return Exit::ok;
}

// The change that undoes an entry of the audit log, as JSON.
Result<std::string> change_that_reverts(FlagPlace& place, const std::string& entry) {
    const auto path = place.organisation() + "/audit/" + percent_encode(entry) + "/revert?dry_run=true";
    const auto response = place.client().call({.method = net::Method::post, .path = path});
    if (!response) return response.error();
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return parsed.error();
    const auto change = document.root().find("as_change");
    if (!change) return Error{Errc::unprocessable, "the server does not say what undoes the entry", {}};
    return change.to_text();
}

// A change or a list of them, as JSON.
Result<std::string> asked_changes(const RequestOptions& options, FlagPlace& place) {
    return options.revert.empty() ? read_argument(options.changes) : change_that_reverts(place, options.revert);
}

Exit run_request_create(const RequestOptions& options, const Terminal& terminal) {
    if (options.changes.empty() == options.revert.empty())
        return terminal.fail(Exit::usage, "give the changes, or --revert");
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto changes = asked_changes(options, *place);
    if (!changes) return terminal.fail(changes.error());
    json::Document document;
    if (auto parsed = document.parse(*changes); !parsed) return terminal.fail(parsed.error());
    const bool is_list = document.root().is(json::Kind::array);
    const auto title = options.title.empty() ? "Revert " + options.revert : options.title;
    std::string body;
    json::Writer w(body);
    w.begin_object().member("title", title).member("description", options.description).key("reviewers");
    w.begin_array();
    for (const auto& reviewer : options.reviewers) w.string(reviewer);
    w.end_array().member("draft", options.is_draft).key("changes");
    w.raw(is_list ? *changes : '[' + *changes + ']').end_object();
    const auto response = place->client().call(
        {.method = net::Method::post, .path = with_comment(requests_path(*place), options.comment), .body = body});
    return print_request(response, terminal, "created");
}

Exit take_step(const RequestOptions& options, const Terminal& terminal, const std::string& step, std::string body,
               const std::string& done) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto path = requests_path(*place) + '/' + percent_encode(options.id) + '/' + step;
    const auto response = place->client().call({.method = net::Method::post, .path = path, .body = std::move(body)});
    return print_request(response, terminal, done);
}

std::string with_text(std::string_view member, const std::string& text) {
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (!text.empty()) w.member(member, text);
    w.end_object();
    return body;
}

// The digest of what it comes to now, after a look at it. `options` has none.
Result<std::string> seen_digest(const RequestOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return place.error();
    const auto path = requests_path(*place) + '/' + percent_encode(options.id) + "/preview";
    const auto response = place->client().call({.path = path});
    if (!response) return response.error();
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return parsed.error();
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    auto digest = r.object("result").string("digest", "");
    if (digest.empty()) return Error{Errc::unprocessable, "the server does not say what the request comes to", {}};
    if (options.is_sure) return digest;
    const Error unasked{Errc::invalid_input,
                        "with --json and without a terminal nothing is asked: give --digest of what you have seen, "
                        "or --yes",
                        {}};
    if (terminal.json) return unasked;
    terminal.print(request_text(r));
    const auto answer = ask_yes_or_no("Approve this?");
    if (!answer) return unasked;
    if (!*answer) return Error{Errc::unprocessable, "not approved", {}};
    return digest;
}

Exit run_request_approve(const RequestOptions& options, const Terminal& terminal) {
    Result<std::string> digest = options.digest;
    if (digest->empty()) digest = seen_digest(options, terminal);
    if (!digest) return terminal.fail(digest.error());
    std::string body;
    json::Writer w(body);
    w.begin_object().member("digest", *digest).member("comment", options.comment).end_object();
    return take_step(options, terminal, "approve", std::move(body), "approved");
}
Exit run_request_decline(const RequestOptions& options, const Terminal& terminal) {
    return take_step(options, terminal, "decline", with_text("reason", options.reason), "declined");
}
Exit run_request_withdraw(const RequestOptions& options, const Terminal& terminal) {
    return take_step(options, terminal, "withdraw", with_text("reason", options.reason), "withdrew");
}
Exit run_request_bypass(const RequestOptions& options, const Terminal& terminal) {
    return take_step(options, terminal, "bypass", with_text("reason", options.reason), "applied without approvals");
}
Exit run_request_apply(const RequestOptions& options, const Terminal& terminal) {
    const auto done = options.at.empty() ? "applied" : "scheduled as";
    return take_step(options, terminal, with_comment("apply", options.comment), with_text("at", options.at), done);
}

Exit run_request_comment(const RequestOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto path = requests_path(*place) + '/' + percent_encode(options.id) + "/comments";
    const auto response =
        place->client().call({.method = net::Method::post, .path = path, .body = with_text("text", options.text)});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? response->body : "commented on " + options.id);
    return Exit::ok;
}

Exit run_request_comments(const RequestOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto path = requests_path(*place) + '/' + percent_encode(options.id) + "/comments";
    const auto items = read_list(place->client(), path);
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"AT", "BY", "TEXT"}, [](json::Reader& r) {
        return std::vector<std::string>{r.string("at"), r.object("author").string("id"), r.string("text")};
    });
}

Exit change_request(const RequestOptions& options, const Terminal& terminal, const std::string& body,
                    const std::string& done) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto path = with_comment(requests_path(*place) + '/' + percent_encode(options.id), options.comment);
    const auto response = place->client().call({.method = net::Method::patch, .path = path, .body = body});
    return print_request(response, terminal, done);
}

Exit run_request_set(const RequestOptions& options, const Terminal& terminal) {
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (!options.title.empty()) w.member("title", options.title);
    if (!options.description.empty()) w.member("description", options.description);
    if (!options.reviewers.empty()) {
        w.key("reviewers").begin_array();
        for (const auto& reviewer : options.reviewers) w.string(reviewer);
        w.end_array();
    }
    if (!options.changes.empty()) {
        const auto changes = read_argument(options.changes);
        if (!changes) return terminal.fail(changes.error());
        json::Document document;
        if (auto parsed = document.parse(*changes); !parsed) return terminal.fail(parsed.error());
        w.key("changes").raw(document.root().is(json::Kind::array) ? *changes : '[' + *changes + ']');
    }
    w.end_object();
    if (body == "{}") return terminal.fail(Exit::usage, "give --title, --description, --reviewer or --changes");
    return change_request(options, terminal, body, "changed");
}

Exit run_request_submit(const RequestOptions& options, const Terminal& terminal) {
    return change_request(options, terminal, R"({"draft":false})", "submitted");
}

}  // namespace

void add_request_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<RequestOptions>();
    auto* group = app.add_subcommand("request", "changes of an environment that others approve");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->place.org, "organisation")->envname("FANION_ORG");
    group->add_option("--project", options->place.project, "project")->envname("FANION_PROJECT");
    group->add_option("--env", options->place.env, "environment")->envname("FANION_ENV");
    auto* list = add_command(*group, session, options, "list", "list change requests, newest first", run_request_list);
    list->add_option("--state", options->state, "draft, open, declined, withdrawn or applied");
    auto* create = add_command(*group, session, options, "create", "ask for changes", run_request_create);
    create->add_option("changes", options->changes, "JSON: a change or a list of them; @FILE or - reads it");
    create->add_option("--title", options->title, "what it is about; not needed with --revert");
    create->add_option("--revert", options->revert, "ask to undo this entry of the audit log");
    create->add_option("--description", options->description, "more about it");
    create->add_option("--reviewer", options->reviewers, "id of a member who is asked; may be repeated");
    create->add_flag("--draft", options->is_draft, "not yet to be approved");
    const auto add_one = [&](const char* name, const char* help, Exit (*run)(const RequestOptions&, const Terminal&)) {
        auto* command = add_command(*group, session, options, name, help, run);
        command->add_option("id", options->id, "as `fanion request list` prints it")->required();
        return command;
    };
    auto* get = add_one("get", "show what it comes to, and who approved it", run_request_get);
    get->add_flag("--preview", options->is_preview, "with what it comes to now");
    auto* approve = add_one("approve", "approve what it comes to", run_request_approve);
    auto* digest =
        approve->add_option("--digest", options->digest, "of the result you have seen, as `get --preview` prints it");
    approve->add_flag("--yes", options->is_sure, "whatever it comes to now, without a question")->excludes(digest);
    approve->add_option("--comment", options->comment, "what to say about it");
    add_one("decline", "decline it", run_request_decline)->add_option("--reason", options->reason, "why");
    add_one("withdraw", "withdraw your own", run_request_withdraw)->add_option("--reason", options->reason, "why");
    auto* comment = add_one("comment", "say something about it", run_request_comment);
    comment->add_option("text", options->text, "what to say")->required();
    add_one("comments", "list what was said about it", run_request_comments);
    auto* set = add_one("set", "change your own; approvals of another result no longer count", run_request_set);
    set->add_option("--title", options->title, "what it is about");
    set->add_option("--description", options->description, "more about it");
    set->add_option("--reviewer", options->reviewers, "id of a member who is asked; may be repeated");
    set->add_option("--changes", options->changes, "JSON: a change or a list of them; @FILE or - reads it");
    auto* submit = add_one("submit", "ask others to approve your draft", run_request_submit);
    auto* apply = add_one("apply", "make its changes", run_request_apply);
    apply->add_option("--at", options->at, "at this time, as 2026-11-21T10:00:00Z");
    for (auto* command : {create, set, submit, apply}) add_comment_option(*command, options->comment);
    add_one("bypass", "make its changes without approvals, in an emergency", run_request_bypass)
        ->add_option("--reason", options->reason, "why")
        ->required();
}

}  // namespace fanion::cli
