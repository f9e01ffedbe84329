#include <memory>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/pages.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

constexpr const char* sessions_path = "/auth/sessions";

std::vector<std::string> session_row(json::Reader& item) {
    const auto mark = item.boolean("current") ? " (this one)" : "";
    return {item.string("id") + mark, item.string("created_at"), item.string("last_used_at"), item.string("address"),
            item.string("user_agent")};
}

Exit run_session_list(const Terminal& terminal) {
    auto credentials = load_session();
    if (!credentials) return terminal.fail(credentials.error());
    AdminClient client(std::move(*credentials));
    const auto sessions = read_list(client, sessions_path);
    if (!sessions) return terminal.fail(sessions.error());
    return print_list(terminal, *sessions, {"ID", "BEGAN", "LAST USED", "ADDRESS", "PROGRAM"}, session_row);
}

// `id`: empty for all others.
Exit run_session_end(const std::string& id, const Terminal& terminal) {
    auto credentials = load_session();
    if (!credentials) return terminal.fail(credentials.error());
    const auto path = std::string(sessions_path) + (id.empty() ? "" : "/" + percent_encode(id));
    const auto response = AdminClient(std::move(*credentials)).call({.method = net::Method::del, .path = path});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "ended " + (id.empty() ? "all other sessions" : id));
    return Exit::ok;
}

}  // namespace

void add_session_commands(CLI::App& app, Session& session) {
    auto id = std::make_shared<std::string>();
    auto* group = app.add_subcommand("session", "your own sessions");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_subcommand("list", "list your sessions")->callback([&session] {
        session.chosen = [&session] { return run_session_list(session.terminal); };
    });
    auto* end = group->add_subcommand("end", "end one of your sessions");
    end->add_option("id", *id, "as `fanion session list` prints it")->required();
    end->callback(
        [&session, id] { session.chosen = [&session, id] { return run_session_end(*id, session.terminal); }; });
    group->add_subcommand("end-others", "end all your sessions but this one")->callback([&session] {
        session.chosen = [&session] { return run_session_end("", session.terminal); };
    });
}

}  // namespace fanion::cli
