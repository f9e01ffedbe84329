#include <cstdio>
#include <memory>
#include <string>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"

namespace fanion::cli {
namespace {

struct DownloadOptions {
    std::string org, project, env;
    std::string version;
    std::string output = "-";
    bool is_plain = false;
};

// The bytes are signed: they are written as they come.
Exit run_ruleset_get(const DownloadOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project, options.env);
    if (!place) return terminal.fail(place.error());
    if (place->env().empty()) return terminal.fail(Exit::usage, "no environment given; use --env or FANION_ENV");
    auto path = place->environment() + "/ruleset?form=" + (options.is_plain ? "plain" : "signed");
    if (!options.version.empty()) path += "&version=" + percent_encode(options.version);
    std::string text;
    const auto done = place->client().stream({.path = path}, [&text](std::string_view bytes) {
        text += bytes;
        return true;
    });
    if (!done) return terminal.fail(done.error());
    if (options.output != "-") {
        if (auto written = write_private_file(options.output, text); !written) return terminal.fail(written.error());
        terminal.note("wrote " + options.output);
        return Exit::ok;
    }
    const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return is_written ? Exit::ok : terminal.fail(Exit::usage, "standard output cannot be written");
}

}  // namespace

void add_ruleset_download(CLI::App& app, Session& session) {
    auto options = std::make_shared<DownloadOptions>();
    auto* group = group_of(app, "ruleset", "work with rulesets");
    auto* get =
        add_command(*group, session, options, "get",
                    "get the ruleset of an environment, as relays get it, with its signatures", run_ruleset_get);
    get->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    get->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    get->add_option("--env", options->env, "environment")->envname("FANION_ENV");
    get->add_option("--version", options->version, "a past version; default: the newest");
    get->add_flag("--plain", options->is_plain, "flags and segments as JSON, without signatures");
    get->add_option("--output", options->output, "the file; - for standard output")->capture_default_str();
}

}  // namespace fanion::cli
