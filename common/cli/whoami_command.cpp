#include <memory>

#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

struct WhoamiOptions {};

// "acme (owner), demo (developer)"
std::string describe_organisations(json::Reader& me) {
    std::string all;
    for (auto& org : me.array("orgs")) {
        all += (all.empty() ? "" : ", ") + org.string("key", "");
        if (const auto role = org.string("role", ""); !role.empty()) all += " (" + role + ')';
        if (org.boolean("lacks_second_factor", false)) all += ", which needs a second factor";
    }
    return all;
}

Exit run_whoami(const WhoamiOptions&, const Terminal& terminal) {
    auto credentials = load_session();
    if (!credentials) return terminal.fail(credentials.error());
    const auto url = credentials->url;
    const auto response = AdminClient(std::move(*credentials)).call({.path = "/auth/me"});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    auto credential = r.object("credential");
    auto user = r.optional_object("user");
    auto account = r.optional_object("service_account");
    std::vector<std::vector<std::string>> rows;
    if (user) rows.push_back({"who", user->string("email", "")});
    if (account) rows.push_back({"who", account->string("name", "")});
    rows.push_back({"with", credential.string("kind", "") + ' ' + credential.string("id", "")});
    rows.push_back({"at", url});
    rows.push_back({"organisations", describe_organisations(r)});
    terminal.print(table(rows));
    return Exit::ok;
}

}  // namespace

void add_whoami_command(CLI::App& app, Session& session) {
    add_command(app, session, std::make_shared<WhoamiOptions>(), "whoami",
                "say who acts here, with which credential, and in which organisations", run_whoami);
}

}  // namespace fanion::cli
