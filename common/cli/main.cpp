#include "common/cli/commands.hpp"

#include <cstdio>

int main(int argc, char** argv) {
    using namespace fanion::cli;
    CLI::App app{"Fanion: flags from the command line"};
    app.name("fanion");
    app.set_version_flag("--version", "fanion " FANION_VERSION);
    app.footer(
        "Exit codes: 0 done; 1 the answer is no (does not compile or verify, findings with --strict, no such flag, "
        "refused); 2 wrong usage;\n"
        "3 no answer from the server; 4 not signed in or not permitted.");
    app.require_subcommand(1);
    app.fallthrough();  // --json may stand behind the command

    Session session;
    app.add_flag("--json", session.terminal.json, "print JSON, for scripts");
    add_login_commands(app, session);
    add_flag_commands(app, session);
    add_eval_command(app, session);
    add_check_command(app, session);
    add_ruleset_commands(app, session);
    add_trust_commands(app, session);
    add_vectors_command(app, session);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
    }
    try {
        return static_cast<int>(session.chosen());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fanion: unexpected: %s\n", error.what());
        return static_cast<int>(Exit::refused);
    }
}
