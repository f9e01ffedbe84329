#include <memory>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/pages.hpp"
#include "common/cli/secrets.hpp"

namespace fanion::cli {
namespace {

struct KeyOptions {
    std::string org, project, env;
    std::string of = "environment";
    std::string id, kind, name;
    std::vector<std::string> origins;
    bool rules = false;
    std::string expires;
    std::int64_t overlap_seconds = -1;
    std::string comment;
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

std::vector<std::string> key_row(json::Reader& item) {
    return {item.string("id"), item.string("kind"), item.string("name"), end_of(item), last_use_of(item)};
}

Exit run_key_list(const KeyOptions& options, const Terminal& terminal) {
    auto place = open_keys(options);
    if (!place) return terminal.fail(place.error());
    const auto keys = read_list(place->client, place->path);
    if (!keys) return terminal.fail(keys.error());
    return print_list(terminal, *keys, {"ID", "KIND", "NAME", "EXPIRES", "LAST USED"}, key_row);
}

Exit run_key_create(const KeyOptions& options, const Terminal& terminal) {
    auto place = open_keys(options);
    if (!place) return terminal.fail(place.error());
    std::string body;
    json::Writer w(body);
    w.begin_object().member("kind", options.kind).member("name", options.name);
    if (!options.origins.empty()) {
        w.key("origins").begin_array();
        for (const auto& origin : options.origins) w.string(origin);
        w.end_array();
    }
    if (options.rules) w.member("rules", true);
    write_expiry(w, options.expires);
    w.end_object();
    const auto response = place->client.call(
        {.method = net::Method::post, .path = with_comment(place->path, options.comment), .body = std::move(body)});
    return print_new_secret(response, "key", terminal);
}

Exit run_key_revoke(const KeyOptions& options, const Terminal& terminal) {
    auto place = open_keys(options);
    if (!place) return terminal.fail(place.error());
    const auto response =
        place->client.call({.method = net::Method::del,
                            .path = with_comment(place->path + '/' + percent_encode(options.id), options.comment),
                            .if_match = "*"});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "revoked " + options.id);
    return Exit::ok;
}

Exit run_key_rotate(const KeyOptions& options, const Terminal& terminal) {
    auto place = open_keys(options);
    if (!place) return terminal.fail(place.error());
    const auto path = place->path + '/' + percent_encode(options.id) + "/rotate";
    const auto response = place->client.call({.method = net::Method::post,
                                              .path = with_comment(path, options.comment),
                                              .body = rotation_of(options.overlap_seconds, options.expires)});
    return print_new_secret(response, "key", terminal);
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
    add_command(*group, session, options, "list", "list keys", run_key_list);
    auto* create = add_command(*group, session, options, "create", "make a key; prints it, once", run_key_create);
    create->add_option("kind", options->kind, "server, client or relay")->required();
    create->add_option("--name", options->name, "name for people");
    create
        ->add_option("--origin", options->origins, "of a client key: a web page's, as https://app.example; repeatable")
        ->allow_extra_args(false);
    create->add_flag("--rules", options->rules, "of a client key: it may download the rules of flags marked `client`");
    create->add_option("--expires", options->expires, expires_help);
    auto* rotate = add_command(*group, session, options, "rotate",
                               "replace a key; prints the new one, and both are valid for a while", run_key_rotate);
    rotate->add_option("id", options->id, "as `fanion key list` prints it")->required();
    rotate->add_option("--overlap", options->overlap_seconds, "seconds that the old one stays valid; a day by default");
    rotate->add_option("--expires", options->expires, expires_help);
    auto* revoke = add_command(*group, session, options, "revoke", "end a key at once", run_key_revoke);
    revoke->add_option("id", options->id, "as `fanion key list` prints it")->required();
    for (auto* command : {create, rotate, revoke}) add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
