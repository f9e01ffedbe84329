#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/credentials.hpp"
#include "common/cli/profiles.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct LoginOptions {
    Credentials credentials;
    std::string setup_token;
    std::string reset_token;
    bool password_stdin = false;
};

// Turns off the terminal's echo for the lifetime of the object.
class NoEcho {
public:
    NoEcho() : is_terminal_(tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!is_terminal_) return;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    NoEcho(const NoEcho&) = delete;
    ~NoEcho() {
        if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }

private:
    termios before_{};
    bool is_terminal_;
};

std::string ask_password(const LoginOptions& options) {
    std::string password;
    if (options.password_stdin) {
        std::getline(std::cin, password);
        return password;
    }
    {
        const NoEcho silence;  // before the prompt, so that nothing typed after it is shown
        const bool is_new = !options.setup_token.empty() || !options.reset_token.empty();
        std::cerr << (!is_new ? "Password: " : "New password (12 characters or more): ") << std::flush;
        std::getline(std::cin, password);
    }
    std::cerr << '\n';
    return password;
}

std::string json_of(std::string_view a, std::string_view a_value, std::string_view b, std::string_view b_value) {
    std::string body;
    json::Writer(body).begin_object().member(a, a_value).member(b, b_value).end_object();
    return body;
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

Exit run_login(const LoginOptions& options, const Terminal& terminal) {
    auto credentials = options.credentials;
    if (credentials.url.empty() || credentials.email.empty()) take_from_profile(credentials);
    if (credentials.url.empty()) return terminal.fail(Exit::usage, "--url is required");
    if (credentials.email.empty()) return terminal.fail(Exit::usage, "--email is required");
    const auto password = ask_password(options);
    if (!options.setup_token.empty()) {
        const auto set =
            post_open(credentials.url, "/auth/setup", json_of("token", options.setup_token, "password", password));
        if (!set) return terminal.fail(set.error());
    }
    if (!options.reset_token.empty()) {
        const auto reset =
            post_open(credentials.url, "/auth/reset", json_of("token", options.reset_token, "password", password));
        if (!reset) return terminal.fail(reset.error());
    }
    const auto response =
        post_open(credentials.url, "/auth/login", json_of("email", credentials.email, "password", password));
    if (!response) return terminal.fail(response.error());
    if (auto read = read_tokens(*response, credentials); !read) return terminal.fail(read.error());
    keep_defaults(credentials);
    if (auto saved = save_credentials(credentials); !saved) return terminal.fail(saved.error());
    terminal.print(terminal.json ? json_of("url", credentials.url, "email", credentials.email)
                                 : "signed in to " + credentials.url + " as " + credentials.email);
    return Exit::ok;
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
                    "read the password from the first line of standard input");
    login->add_option("--setup-token", options->setup_token,
                      "one-time token of an invitation: sets the password first");
    login
        ->add_option("--reset-token", options->reset_token,
                     "one-time token of the installation's operator: sets a new password first")
        ->excludes("--setup-token");
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
