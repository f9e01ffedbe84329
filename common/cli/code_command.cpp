#include <filesystem>
#include <memory>
#include <utility>

#include "common/base/file.hpp"
#include "common/cli/code_options.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/flagfile/format.hpp"
#include "common/flagfile/update.hpp"

namespace fanion::cli {

namespace {

// What the file says about environments that the export does not look at stays.
void keep_others(const flagfile::Project& before, const PresentProject& present, flagfile::Project& wanted) {
    const auto keep = [&](const auto& from, auto& to) {
        for (auto& [key, item] : to) {
            const auto held = from.find(key);
            if (held == from.end()) continue;
            for (const auto& [environment, in] : held->second.environments)
                if (!present.environments.contains(environment)) item.environments[environment] = in;
        }
    };
    keep(before.flags, wanted.flags);
    keep(before.segments, wanted.segments);
}

// The text of a file that exists already, brought up to date. Error: unprocessable if that cannot be
// done without losing what people wrote.
Result<std::string> update_code_file(const CodeOptions& options, const PresentProject& present) {
    const auto text = read_file(options.output);
    if (!text) return text.error();
    const auto file = read_code_file(options.output);
    if (!file) return file.error();
    auto wanted = present.project;
    if (!options.environments.empty()) keep_others(file->project, present, wanted);
    auto updated = flagfile::updated_text(*text, file->source, file->project, wanted);
    if (updated) return std::move(*updated);
    return Error{Errc::unprocessable, options.output +
                                          " cannot be brought up to date without losing comments or anchors; export "
                                          "to another file"};
}

}  // namespace

Exit run_export(const CodeOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project);
    if (!place) return terminal.fail(place.error());
    const auto present = read_present(*place, place->project_key(), options.environments);
    if (!present) return terminal.fail(present.error());
    const auto tree = flagfile::tree_of(present->project);
    const bool is_json =
        options.format.empty() ? options.output.ends_with(".json") || terminal.json : options.format == "json";
    auto text = is_json ? flagfile::to_pretty_json(tree) : flagfile::to_yaml(tree);
    if (options.output == "-") {
        terminal.print(std::string_view(text).substr(0, text.size() - 1));
        return Exit::ok;
    }
    if (!is_json && std::filesystem::exists(options.output)) {
        auto updated = update_code_file(options, *present);
        if (!updated) return terminal.fail(updated.error());
        text = std::move(*updated);
    }
    constexpr mode_t readable = 0644;
    if (auto written = replace_file(options.output, text, Durability::process, readable); !written)
        return terminal.fail(Exit::usage, written.error().detail);
    terminal.note("wrote " + options.output);
    return Exit::ok;
}

Exit run_plan(const CodeOptions& options, const Terminal& terminal) {
    const bool annotates = options.annotations == "github";
    const auto fail = [&](const Error& error) {
        if (annotates) terminal.print(annotations_of(options.file, error));
        return terminal.fail(error);
    };
    auto file = read_code_file(options.file);
    if (!file) return fail(file.error());
    auto place = FlagPlace::open_project(options.org, file->project.key);
    if (!place) return fail(place.error());
    const auto plan = make_code_plan(*place, std::move(*file), options);
    if (!plan) return fail(plan.error());
    if (annotates && !plan->changes.empty()) terminal.print(annotations_of(*plan));
    if (!annotates || terminal.json) terminal.print(terminal.json ? json_of_plan(*plan) : describe_plan(*plan));
    return plan->is_empty() ? Exit::ok : Exit::differs;
}

namespace {

using CodeOptionsPtr = std::shared_ptr<CodeOptions>;

CLI::App* add_code_command(CLI::App& app, Session& session, const CodeOptionsPtr& options, const char* name,
                           const char* help, Exit (*run)(const CodeOptions&, const Terminal&)) {
    auto* command = add_command(app, session, options, name, help, run);
    command->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    command
        ->add_option("--env,--environment", options->environments,
                     "environment to look at, repeatable; default: all that you may read")
        ->allow_extra_args(false);
    return command;
}

}  // namespace

void add_code_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<CodeOptions>();
    auto* get = add_code_command(app, session, options, "export",
                                 "print a project's flags and segments as a file for plan and apply", run_export);
    get->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    get->add_option("--format", options->format, "default: json for --json and a name that ends so, else yaml")
        ->check(CLI::IsMember({"yaml", "json"}));
    get->add_option("--output", options->output, "file to write")->capture_default_str();
    auto* plan = add_code_command(app, session, options, "plan",
                                  "say what `apply` would change; the exit code is 5 if there is something", run_plan);
    plan->add_option("--annotations", options->annotations, "print annotations of a pull request")
        ->check(CLI::IsMember({"github"}));
    auto* apply = add_code_command(app, session, options, "apply", "make a project as a file says", run_apply);
    for (auto* command : {plan, apply}) {
        command->add_option("file", options->file, "the file, YAML or JSON; - for standard input")->required();
        command->add_flag("--delete", options->deletes, "delete flags and segments that the file does not have");
    }
    apply->add_flag("--yes", options->yes, "do not ask");
    add_comment_option(*apply, options->comment);
}

}  // namespace fanion::cli
