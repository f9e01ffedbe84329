#include <iostream>
#include <memory>

#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/prompt.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

constexpr const char* factor_path = "/auth/second-factor";

struct FactorOptions {
    bool from_stdin = false;
};

std::string body_with(std::string_view member, std::string_view value) {
    std::string body;
    json::Writer(body).begin_object().member(member, value).end_object();
    return body;
}

Result<net::ClientResponse> post_factor(AdminClient& client, const std::string& what, std::string body) {
    return client.call({.method = net::Method::post, .path = factor_path + what, .body = std::move(body)});
}

std::string ask_code(const FactorOptions& options) {
    return ask_line("Code of the authenticator program: ", options.from_stdin);
}

// The codes, one a line; the whole response with --json.
Exit print_recovery_codes(const Result<net::ClientResponse>& response, const Terminal& terminal) {
    if (!response) return terminal.fail(response.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    json::Document document;
    if (auto read = read_answer(document, *response); !read) return terminal.fail(read.error());
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    std::cerr << "Recovery codes, each of which signs you in once without the authenticator program. Keep them safe:\n";
    std::string text;
    for (const auto& code : reader.strings("recovery_codes")) text += (text.empty() ? "" : "\n") + code;
    terminal.print(text);
    return Exit::ok;
}

// What the authenticator program is to be given.
Result<> show_secret(const net::ClientResponse& response) {
    json::Document document;
    if (auto read = read_answer(document, response); !read) return read.error();
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    std::cerr << "Add this account to your authenticator program:\n  secret  " << reader.string("secret")
              << "\n  URI     " << reader.string("uri") << "\n";
    return boost::system::in_place_value;
}

Exit run_show_factor(const FactorOptions&, const Terminal& terminal) {
    auto credentials = load_session();
    if (!credentials) return terminal.fail(credentials.error());
    const auto response = AdminClient(std::move(*credentials)).call({.path = factor_path});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    const auto left = std::to_string(r.unsigned_integer("recovery_codes_left", 0));
    const auto text = r.boolean("enabled", false) ? "you sign in with a second factor; recovery codes left: " + left
                                                  : "you sign in with the password alone";
    terminal.print(terminal.json ? response->body : text);
    return Exit::ok;
}

Exit run_enable(const FactorOptions& options, const Terminal& terminal) {
    auto credentials = load_session();
    if (!credentials) return terminal.fail(credentials.error());
    AdminClient client(std::move(*credentials));
    const auto password = ask_secret("Password: ", options.from_stdin);
    const auto begun = post_factor(client, "", body_with("password", password));
    if (!begun) return terminal.fail(begun.error());
    if (auto shown = show_secret(*begun); !shown) return terminal.fail(shown.error());
    return print_recovery_codes(post_factor(client, "/confirm", body_with("code", ask_code(options))), terminal);
}

Exit run_recovery_codes(const FactorOptions& options, const Terminal& terminal) {
    auto credentials = load_session();
    if (!credentials) return terminal.fail(credentials.error());
    AdminClient client(std::move(*credentials));
    return print_recovery_codes(post_factor(client, "/recovery-codes", body_with("code", ask_code(options))), terminal);
}

Exit run_disable(const FactorOptions& options, const Terminal& terminal) {
    auto credentials = load_session();
    if (!credentials) return terminal.fail(credentials.error());
    AdminClient client(std::move(*credentials));
    const auto done = post_factor(client, "/disable", body_with("code", ask_code(options)));
    if (!done) return terminal.fail(done.error());
    terminal.print(terminal.json ? "{}" : "you sign in with the password alone now");
    return Exit::ok;
}

}  // namespace

void add_second_factor_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<FactorOptions>();
    auto* group = app.add_subcommand("second-factor", "your own second factor: codes of an authenticator program");
    group->require_subcommand(1);
    group->fallthrough();
    add_command(*group, session, options, "show", "say whether you have one", run_show_factor);
    add_command(*group, session, options, "enable", "set it up; prints recovery codes", run_enable);
    add_command(*group, session, options, "disable", "remove it", run_disable);
    add_command(*group, session, options, "recovery-codes", "make new recovery codes", run_recovery_codes);
    group->add_flag("--stdin", options->from_stdin, "read password and code from lines of standard input");
}

}  // namespace fanion::cli
