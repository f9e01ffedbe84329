#include <memory>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/cli/secrets.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct TokenOptions {
    std::string org;
    bool is_service = false;
    std::string name, role;
    std::vector<std::string> scopes;
    std::string expires;
    std::string id;
    std::int64_t overlap_seconds = -1;
    std::string comment;
};
using TokenOptionsPtr = std::shared_ptr<TokenOptions>;

// A client and the path of the tokens: one's own, or those of service accounts.
struct TokenPlace {
    AdminClient client;
    std::string path;
};

Result<TokenPlace> open_tokens(const TokenOptions& options) {
    if (!options.comment.empty() && !options.is_service)
        return Error{Errc::invalid_input, "--comment is of service accounts: give --service"};
    if (options.is_service) {
        auto org = open_organisation(options.org);
        if (!org) return org.error();
        return TokenPlace{std::move(org->client), org->path + "/tokens"};
    }
    auto credentials = load_session();
    if (!credentials) return credentials.error();
    return TokenPlace{AdminClient(std::move(*credentials)), "/auth/tokens"};
}

std::vector<std::string> token_row(json::Reader& item) {
    std::string scopes;
    for (const auto& scope : item.strings("scopes")) scopes += (scopes.empty() ? "" : ",") + scope;
    return {item.string("id"), item.string("name"), scopes, end_of(item), last_use_of(item)};
}

Exit run_token_list(const TokenOptions& options, const Terminal& terminal) {
    auto place = open_tokens(options);
    if (!place) return terminal.fail(place.error());
    const auto tokens = read_list(place->client, place->path);
    if (!tokens) return terminal.fail(tokens.error());
    return print_list(terminal, *tokens, {"ID", "NAME", "SCOPES", "EXPIRES", "LAST USED"}, token_row);
}

Exit run_token_create(const TokenOptions& options, const Terminal& terminal) {
    auto place = open_tokens(options);
    if (!place) return terminal.fail(place.error());
    if (!options.role.empty() && !options.is_service)
        return terminal.fail(Exit::usage, "--role is of service accounts: give --service");
    std::string body;
    json::Writer w(body);
    w.begin_object().member("name", options.name);
    if (options.is_service) w.member("role", options.role.empty() ? "viewer" : options.role);
    if (!options.scopes.empty()) {
        w.key("scopes").begin_array();
        for (const auto& scope : options.scopes) w.string(scope);
        w.end_array();
    }
    write_expiry(w, options.expires);
    w.end_object();
    const auto response = place->client.call(
        {.method = net::Method::post, .path = with_comment(place->path, options.comment), .body = std::move(body)});
    return print_new_secret(response, "token", terminal);
}

Exit run_token_rotate(const TokenOptions& options, const Terminal& terminal) {
    auto place = open_tokens(options);
    if (!place) return terminal.fail(place.error());
    const auto path = place->path + '/' + percent_encode(options.id) + "/rotate";
    const auto response = place->client.call({.method = net::Method::post,
                                              .path = with_comment(path, options.comment),
                                              .body = rotation_of(options.overlap_seconds, options.expires)});
    return print_new_secret(response, "token", terminal);
}

Exit run_token_revoke(const TokenOptions& options, const Terminal& terminal) {
    auto place = open_tokens(options);
    if (!place) return terminal.fail(place.error());
    const auto response =
        place->client.call({.method = net::Method::del,
                            .path = with_comment(place->path + '/' + percent_encode(options.id), options.comment)});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "revoked " + options.id);
    return Exit::ok;
}

}  // namespace

void add_token_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<TokenOptions>();
    auto* group = app.add_subcommand("token", "tokens for programs: your own, or those of service accounts");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_flag("--service", options->is_service, "service accounts of the organisation");
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    add_command(*group, session, options, "list", "list tokens", run_token_list);
    auto* create = add_command(*group, session, options, "create", "make a token; prints it, once", run_token_create);
    create->add_option("name", options->name, "what it is for")->required();
    create->add_option("--scope", options->scopes, "read, edit, ..; may be given more than once")->delimiter(',');
    create->add_option("--role", options->role, "with --service: the account's role");
    create->add_option("--expires", options->expires, expires_help);
    auto* rotate = add_command(*group, session, options, "rotate",
                               "replace a token; prints the new one, and both are valid for a while", run_token_rotate);
    rotate->add_option("id", options->id, "as `fanion token list` prints it")->required();
    rotate->add_option("--overlap", options->overlap_seconds, "seconds that the old one stays valid; a day by default");
    rotate->add_option("--expires", options->expires, expires_help);
    auto* revoke = add_command(*group, session, options, "revoke", "end a token at once", run_token_revoke);
    revoke->add_option("id", options->id, "as `fanion token list` prints it")->required();
    for (auto* command : {create, rotate, revoke}) add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
