#include <memory>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/json/reader.hpp"
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
};
using TokenOptionsPtr = std::shared_ptr<TokenOptions>;

// A client and the path of the tokens: one's own, or those of service accounts.
struct TokenPlace {
    AdminClient client;
    std::string path;
};

Result<TokenPlace> open_tokens(const TokenOptions& options) {
    auto credentials = load_session();
    if (!credentials) return credentials.error();
    if (!options.is_service) return TokenPlace{AdminClient(std::move(*credentials)), "/auth/tokens"};
    const auto& org = options.org.empty() ? credentials->org : options.org;
    if (org.empty()) return Error{Errc::invalid_input, "no organisation given; use --org or FANION_ORG"};
    const auto path = "/orgs/" + percent_encode(org) + "/tokens";
    return TokenPlace{AdminClient(std::move(*credentials)), path};
}

void write_expiry(json::Writer& w, const std::string& expires) {
    if (expires == "never") {
        w.key("expires_at").null();
    } else if (!expires.empty()) {
        w.member("expires_at", expires);
    }
}

// The secret is standard output's only text, so that a pipe can take it.
Exit print_new(const net::ClientResponse& response, const Terminal& terminal) {
    json::Document document;
    if (auto parsed = read_answer(document, response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response.body : r.string("token"));
    return Exit::ok;
}

std::string state_of(json::Reader& item) {
    if (!item.is_null("revoked_at")) return "revoked";
    return item.is_null("expires_at") ? "never" : item.string("expires_at");
}

Exit run_token_list(const TokenOptions& options, const Terminal& terminal) {
    auto place = open_tokens(options);
    if (!place) return terminal.fail(place.error());
    const auto response = place->client.call({.path = place->path + "?limit=200"});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    if (terminal.json) {
        terminal.print(r.any("items").to_text());
        return Exit::ok;
    }
    std::vector<std::vector<std::string>> rows{{"ID", "NAME", "SCOPES", "EXPIRES", "LAST USED"}};
    for (auto& item : r.array("items")) {
        std::string scopes;
        for (const auto& scope : item.strings("scopes")) scopes += (scopes.empty() ? "" : ",") + scope;
        rows.push_back({item.string("id"), item.string("name"), scopes, state_of(item),
                        item.is_null("last_used_at") ? "never" : item.string("last_used_at")});
    }
    terminal.print(table(rows));
    return Exit::ok;
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
    const auto response =
        place->client.call({.method = net::Method::post, .path = place->path, .body = std::move(body)});
    return response ? print_new(*response, terminal) : terminal.fail(response.error());
}

Exit run_token_rotate(const TokenOptions& options, const Terminal& terminal) {
    auto place = open_tokens(options);
    if (!place) return terminal.fail(place.error());
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (options.overlap_seconds >= 0) w.member("overlap_seconds", options.overlap_seconds);
    write_expiry(w, options.expires);
    w.end_object();
    const auto response = place->client.call({.method = net::Method::post,
                                              .path = place->path + '/' + percent_encode(options.id) + "/rotate",
                                              .body = std::move(body)});
    return response ? print_new(*response, terminal) : terminal.fail(response.error());
}

Exit run_token_revoke(const TokenOptions& options, const Terminal& terminal) {
    auto place = open_tokens(options);
    if (!place) return terminal.fail(place.error());
    const auto response =
        place->client.call({.method = net::Method::del, .path = place->path + '/' + percent_encode(options.id)});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "revoked " + options.id);
    return Exit::ok;
}

CLI::App* add_token_command(CLI::App& group, Session& session, const TokenOptionsPtr& options, const char* name,
                            const char* help, Exit (*run)(const TokenOptions&, const Terminal&)) {
    auto* command = group.add_subcommand(name, help);
    command->callback([options, &session, run] {
        session.chosen = [options, &session, run] { return run(*options, session.terminal); };
    });
    return command;
}

}  // namespace

void add_token_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<TokenOptions>();
    auto* group = app.add_subcommand("token", "tokens for programs: your own, or those of service accounts");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_flag("--service", options->is_service, "service accounts of the organisation");
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    constexpr const char* expires_help = "a time as 2027-03-01T00:00:00Z, or never";
    add_token_command(*group, session, options, "list", "list tokens", run_token_list);
    auto* create =
        add_token_command(*group, session, options, "create", "make a token; prints it, once", run_token_create);
    create->add_option("name", options->name, "what it is for")->required();
    create->add_option("--scope", options->scopes, "read, edit, ..; may be given more than once")->delimiter(',');
    create->add_option("--role", options->role, "with --service: the account's role");
    create->add_option("--expires", options->expires, expires_help);
    auto* rotate =
        add_token_command(*group, session, options, "rotate",
                          "replace a token; prints the new one, and both are valid for a while", run_token_rotate);
    rotate->add_option("id", options->id, "as `fanion token list` prints it")->required();
    rotate->add_option("--overlap", options->overlap_seconds, "seconds that the old one stays valid; a day by default");
    rotate->add_option("--expires", options->expires, expires_help);
    auto* revoke = add_token_command(*group, session, options, "revoke", "end a token at once", run_token_revoke);
    revoke->add_option("id", options->id, "as `fanion token list` prints it")->required();
}

}  // namespace fanion::cli
