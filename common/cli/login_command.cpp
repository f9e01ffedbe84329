#include <algorithm>
#include <memory>

#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/credentials.hpp"
#include "common/cli/profiles.hpp"
#include "common/cli/prompt.hpp"
#include "common/cli/sign_on_login.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct LoginOptions {
    Credentials credentials;
    std::string setup_token;
    std::string reset_token;
    std::string provider;  // of single sign-on, "acme/company"
    bool password_stdin = false;
};

std::string ask_password(const LoginOptions& options) {
    const bool is_new = !options.setup_token.empty() || !options.reset_token.empty();
    return ask_secret(is_new ? "New password (12 characters or more): " : "Password: ", options.password_stdin);
}

std::string json_of(std::string_view a, std::string_view a_value, std::string_view b, std::string_view b_value,
                    std::string_view code = "") {
    std::string body;
    json::Writer w(body);
    w.begin_object().member(a, a_value).member(b, b_value);
    if (!code.empty()) w.member("code", code);
    w.end_object();
    return body;
}

bool wants_code(const Error& error) {
    return std::ranges::any_of(error.findings, [](const Finding& finding) { return finding.code == "code_required"; });
}

// Once more with the code of the second factor, where the account has one.
Result<net::ClientResponse> sign_in(const LoginOptions& options, const std::string& url, std::string_view path,
                                    std::string_view member, std::string_view value) {
    const auto password = ask_password(options);
    auto response = post_open(url, path, json_of(member, value, "password", password));
    if (response || !wants_code(response.error())) return response;
    const auto code = ask_line("Code of the authenticator program, or a recovery code: ", options.password_stdin);
    if (code.empty()) return response;
    return post_open(url, path, json_of(member, value, "password", password, code));
}

Result<net::ClientResponse> sign_in(const LoginOptions& options, const Credentials& who) {
    if (!options.setup_token.empty()) return sign_in(options, who.url, "/auth/setup", "token", options.setup_token);
    if (!options.reset_token.empty()) return sign_in(options, who.url, "/auth/reset", "token", options.reset_token);
    return sign_in(options, who.url, "/auth/login", "email", who.email);
}

// Keeps the stored defaults that were not given again.
void keep_defaults(Credentials& now) {
    const auto before = load_credentials();
    if (!before || before->url != now.url) return;
    if (now.org.empty()) now.org = before->org;
    if (now.project.empty()) now.project = before->project;
    if (now.env.empty()) now.env = before->env;
}

// A profile that was added, or signed in before, knows where and who.
void take_from_profile(Credentials& now) {
    const auto before = load_credentials();
    if (!before) return;
    if (now.url.empty()) now.url = before->url;
    if (now.email.empty() && now.url == before->url) now.email = before->email;
}

Exit keep_session(Credentials credentials, const Terminal& terminal) {
    keep_defaults(credentials);
    if (auto saved = save_credentials(credentials); !saved) return terminal.fail(saved.error());
    terminal.print(terminal.json ? json_of("url", credentials.url, "email", credentials.email)
                                 : "signed in to " + credentials.url + " as " + credentials.email);
    return Exit::ok;
}

Exit run_login(const LoginOptions& options, const Terminal& terminal) {
    auto credentials = options.credentials;
    if (credentials.url.empty() || credentials.email.empty()) take_from_profile(credentials);
    if (credentials.url.empty()) return terminal.fail(Exit::usage, "--url is required");
    if (!options.provider.empty()) {
        if (auto signed_in = sign_on(options.provider, credentials); !signed_in)
            return terminal.fail(signed_in.error());
        return keep_session(std::move(credentials), terminal);
    }
    if (credentials.email.empty()) return terminal.fail(Exit::usage, "--email is required");
    const auto response = sign_in(options, credentials);
    if (!response) return terminal.fail(response.error());
    if (auto read = read_tokens(*response, credentials); !read) return terminal.fail(read.error());
    return keep_session(std::move(credentials), terminal);
}

// Added profiles stay, without their tokens.
Result<> forget_session(Credentials credentials) {
    const auto profile = current_profile();
    if (!profile || *profile == default_profile) {
        delete_credentials();
        return {};
    }
    credentials.access_token.clear();
    credentials.refresh_token.clear();
    return save_credentials(credentials);
}

Exit run_logout(const Terminal& terminal) {
    const auto credentials = load_session();
    if (!credentials) return terminal.fail(credentials.error());
    if (credentials->is_program_token)
        return terminal.fail(Exit::usage, "FANION_TOKEN is set, and a token has no session: unset it to sign out");
    const auto response = AdminClient(*credentials).call({.method = net::Method::post, .path = "/auth/logout"});
    if (auto ended = forget_session(*credentials); !ended) return terminal.fail(ended.error());
    // A session that the server has already ended counts as signed out.
    if (!response && response.error().code != Errc::unauthenticated) return terminal.fail(response.error());
    terminal.print(terminal.json ? json_of("url", credentials->url, "email", credentials->email)
                                 : "signed out of " + credentials->url);
    return Exit::ok;
}

}  // namespace

void add_login_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<LoginOptions>();
    auto* login =
        app.add_subcommand("login", "sign in to a control plane; the tokens are stored in " + credentials_path());
    login->add_option("--url", options->credentials.url, "the control plane, e.g. http://127.0.0.1:8081")
        ->envname("FANION_URL");
    login->add_option("--email", options->credentials.email, "e-mail address of the account")->envname("FANION_EMAIL");
    login->add_flag("--password-stdin", options->password_stdin,
                    "read the password, and a code if one is needed, from lines of standard input");
    login->add_option("--setup-token", options->setup_token,
                      "one-time token of an invitation: sets the password first");
    login
        ->add_option("--reset-token", options->reset_token,
                     "one-time token of the installation's operator: sets a new password first")
        ->excludes("--setup-token");
    login
        ->add_option("--sso", options->provider,
                     "ORGANISATION/PROVIDER: sign in in a browser, by that identity provider of the organisation")
        ->excludes("--setup-token")
        ->excludes("--reset-token");
    login->add_option("--org", options->credentials.org, "default organisation for later commands")
        ->envname("FANION_ORG");
    login->add_option("--project", options->credentials.project, "default project for later commands")
        ->envname("FANION_PROJECT");
    login->add_option("--env", options->credentials.env, "default environment for later commands")
        ->envname("FANION_ENV");
    login->callback([options, &session] {
        session.chosen = [options, &session] { return run_login(*options, session.terminal); };
    });

    auto* logout = app.add_subcommand("logout", "end the session and delete its tokens");
    logout->callback([&session] { session.chosen = [&session] { return run_logout(session.terminal); }; });
}

}  // namespace fanion::cli
