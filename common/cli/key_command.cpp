#include <memory>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct KeyOptions {
    std::string org, project, env;
    std::string of = "environment";
    std::string id;
    std::string expires;
    std::int64_t overlap_seconds = -1;
};
using KeyOptionsPtr = std::shared_ptr<KeyOptions>;

// A client and the path of the keys of an environment, a project or an organisation.
struct KeyPlace {
    AdminClient client;
    std::string path;
};

Error no_place(std::string_view what, std::string_view option) {
    return {Errc::invalid_input, "no " + std::string(what) + " given; use " + std::string(option)};
}

Result<KeyPlace> open_keys(const KeyOptions& options) {
    auto credentials = load_session();
    if (!credentials) return credentials.error();
    const auto& org = options.org.empty() ? credentials->org : options.org;
    const auto& project = options.project.empty() ? credentials->project : options.project;
    const auto& env = options.env.empty() ? credentials->env : options.env;
    if (org.empty()) return no_place("organisation", "--org or FANION_ORG");
    auto path = "/orgs/" + percent_encode(org);
    if (options.of != "organisation") {
        if (project.empty()) return no_place("project", "--project or FANION_PROJECT");
        path += "/projects/" + percent_encode(project);
    }
    if (options.of == "environment") {
        if (env.empty()) return no_place("environment", "--env or FANION_ENV");
        path += "/environments/" + percent_encode(env);
    }
    return KeyPlace{AdminClient(std::move(*credentials)), path + "/keys"};
}

std::string end_of(json::Reader& item) {
    if (!item.is_null("revoked_at")) return "revoked";
    return item.is_null("expires_at") ? "never" : item.string("expires_at");
}

Exit run_key_list(const KeyOptions& options, const Terminal& terminal) {
    auto place = open_keys(options);
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
    std::vector<std::vector<std::string>> rows{{"ID", "KIND", "NAME", "EXPIRES", "LAST USED"}};
    for (auto& item : r.array("items")) {
        rows.push_back({item.string("id"), item.string("kind"), item.string("name"), end_of(item),
                        item.is_null("last_used_at") ? "never" : item.string("last_used_at")});
    }
    terminal.print(table(rows));
    return Exit::ok;
}

// The new key is standard output's only text, so that a pipe can take it.
Exit run_key_rotate(const KeyOptions& options, const Terminal& terminal) {
    auto place = open_keys(options);
    if (!place) return terminal.fail(place.error());
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (options.overlap_seconds >= 0) w.member("overlap_seconds", options.overlap_seconds);
    if (options.expires == "never") {
        w.key("expires_at").null();
    } else if (!options.expires.empty()) {
        w.member("expires_at", options.expires);
    }
    w.end_object();
    const auto response = place->client.call({.method = net::Method::post,
                                              .path = place->path + '/' + percent_encode(options.id) + "/rotate",
                                              .body = std::move(body)});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body : r.string("key"));
    return Exit::ok;
}

CLI::App* add_key_command(CLI::App& group, Session& session, const KeyOptionsPtr& options, const char* name,
                          const char* help, Exit (*run)(const KeyOptions&, const Terminal&)) {
    auto* command = group.add_subcommand(name, help);
    command->callback([options, &session, run] {
        session.chosen = [options, &session, run] { return run(*options, session.terminal); };
    });
    return command;
}

}  // namespace

void add_key_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<KeyOptions>();
    auto* group = app.add_subcommand("key", "keys of applications and relays");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    group->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    group->add_option("--env", options->env, "environment")->envname("FANION_ENV");
    group->add_option("--of", options->of, "whose keys: of an environment, project or organisation")
        ->check(CLI::IsMember({"environment", "project", "organisation"}))
        ->capture_default_str();
    add_key_command(*group, session, options, "list", "list keys", run_key_list);
    auto* rotate = add_key_command(*group, session, options, "rotate",
                                   "replace a key; prints the new one, and both are valid for a while", run_key_rotate);
    rotate->add_option("id", options->id, "as `fanion key list` prints it")->required();
    rotate->add_option("--overlap", options->overlap_seconds, "seconds that the old one stays valid; a day by default");
    rotate->add_option("--expires", options->expires, "a time as 2027-03-01T00:00:00Z, or never");
}

}  // namespace fanion::cli
