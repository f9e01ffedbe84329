#include <filesystem>
#include <memory>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/credentials.hpp"
#include "common/cli/profiles.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct ProfileOptions {
    std::string name;
    Credentials credentials;
};

using ProfileOptionsPtr = std::shared_ptr<ProfileOptions>;

Exit run_profile_list(const ProfileOptions&, const Terminal& terminal) {
    const auto current = current_profile();
    if (!current) return terminal.fail(current.error());
    std::vector<std::vector<std::string>> rows{{"", "NAME", "CONTROL PLANE", "ACCOUNT", "ORG", "PROJECT", "ENV"}};
    std::string json;
    json::Writer w(json);
    w.begin_array();
    for (const auto& name : profile_names()) {
        const auto stored = load_profile(name);
        if (!stored) return terminal.fail(stored.error());
        rows.push_back({name == *current ? "*" : "", name, stored->url,
                        stored->access_token.empty() ? "(not signed in)" : stored->email, stored->org, stored->project,
                        stored->env});
        w.begin_object().member("name", name).member("current", name == *current).member("url", stored->url);
        w.member("email", stored->email).member("signed_in", !stored->access_token.empty());
        w.member("org", stored->org).member("project", stored->project).member("env", stored->env).end_object();
    }
    w.end_array();
    terminal.print(terminal.json ? json : table(rows));
    return Exit::ok;
}

Exit finish_profile(const Terminal& terminal, const std::string& name, const std::string& said) {
    std::string json;
    json::Writer(json).begin_object().member("name", name).end_object();
    terminal.print(terminal.json ? json : said);
    return Exit::ok;
}

Exit no_profile(const Terminal& terminal, const std::string& name) {
    return terminal.fail(Exit::refused, "there is no profile `" + name + "`");
}

Exit run_profile_use(const ProfileOptions& options, const Terminal& terminal) {
    if (!has_profile(options.name)) return no_profile(terminal, options.name);
    if (auto chosen = choose_profile(options.name); !chosen) return terminal.fail(chosen.error());
    return finish_profile(terminal, options.name, "commands act with the profile " + options.name);
}

Exit run_profile_add(const ProfileOptions& options, const Terminal& terminal) {
    if (!is_valid_key(options.name))
        return terminal.fail(Exit::usage, "a profile's name is 1 to 100 letters, digits, `.`, `_`, `-`");
    if (has_profile(options.name))
        return terminal.fail(Exit::refused, "there is a profile `" + options.name + "` already");
    if (auto saved = save_profile(options.name, options.credentials); !saved) return terminal.fail(saved.error());
    return finish_profile(terminal, options.name,
                          "added " + options.name + "; sign in with `fanion login --profile " + options.name + "`");
}

// Not while signed in, since the session would go on at the control plane.
Exit run_profile_remove(const ProfileOptions& options, const Terminal& terminal) {
    if (!is_valid_key(options.name) || !has_profile(options.name)) return no_profile(terminal, options.name);
    const auto stored = load_profile(options.name);
    if (stored && !stored->access_token.empty())
        return terminal.fail(
            Exit::refused,
            options.name + " is signed in; sign out first with `fanion logout --profile " + options.name + "`");
    std::error_code failed;
    std::filesystem::remove(profile_path(options.name), failed);
    if (failed) return terminal.fail(Exit::usage, profile_path(options.name) + ": " + failed.message());
    return finish_profile(terminal, options.name, "removed " + options.name);
}

}  // namespace

void add_profile_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<ProfileOptions>();
    auto* group = group_of(app, "profile", "several control planes or accounts, each with its own session");
    add_command(*group, session, options, "list", "list profiles; * marks the one that commands act with",
                run_profile_list);
    const auto add_named = [&](const char* name, const char* help,
                               Exit (*run)(const ProfileOptions&, const Terminal&)) {
        auto* command = add_command(*group, session, options, name, help, run);
        command->add_option("name", options->name, "the profile's name")->required();
        return command;
    };
    add_named("use", "let commands act with a profile from now on", run_profile_use);
    auto* add = add_named("add", "add a profile, not signed in yet", run_profile_add);
    add->add_option("--url", options->credentials.url, "the control plane")->required();
    add->add_option("--email", options->credentials.email, "e-mail address of the account");
    add->add_option("--org", options->credentials.org, "default organisation");
    add->add_option("--project", options->credentials.project, "default project");
    add->add_option("--env", options->credentials.env, "default environment");
    add_named("remove", "remove a profile that is not signed in", run_profile_remove);
}

}  // namespace fanion::cli
