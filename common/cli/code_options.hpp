#pragma once

// Flags as code: the options of `fanion export|plan|apply`, and what these commands share. Private
// to common/cli.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/cli/flag_options.hpp"
#include "common/cli/terminal.hpp"
#include "common/flagfile/difference.hpp"
#include "common/flagfile/project.hpp"
#include "common/flagfile/source.hpp"

namespace fanion::cli {

struct CodeOptions {
    std::string org, project;
    std::vector<std::string> environments;  // empty: all
    std::string format;                     // export: yaml, json; empty: by the name of `output`
    std::string output = "-";
    std::string file;
    std::string annotations;  // plan: github
    bool deletes = false;
    bool yes = false;
    std::string comment;
};

// The project as the control plane has it.
struct PresentProject {
    flagfile::Project project;
    std::set<std::string> environments;  // those that are looked at
    std::set<std::string> guarded;       // the protected ones of them
};

// `selected`: the environments to look at; empty: all that the caller may read. Errors: not_found
// if there is no such environment; those of AdminClient::call().
Result<PresentProject> read_present(FlagPlace& place, const std::string& project,
                                    const std::vector<std::string>& selected);
// One flag of it. Errors: those of AdminClient::call().
Result<flagfile::Flag> read_present_flag(FlagPlace& place, const std::string& key,
                                         const std::set<std::string>& environments);

// A file and what it says.
struct CodeFile {
    std::string name;
    flagfile::Source source;
    flagfile::Project project;

    // "flags.yaml:3:7"
    std::string at(const std::string& pointer) const;
    // The findings with this as their item, so that they are found in the file.
    std::vector<Finding> located(std::vector<Finding> findings) const;
};
// Errors: invalid_input if the file cannot be read; unprocessable if it says something wrong, with
// a finding for each place.
Result<CodeFile> read_code_file(const std::string& name);

// What would be wrong with the environments if the project were as the file says, with pointers
// into the file: all that compiling a ruleset finds.
std::vector<Finding> check_goal(const flagfile::Project& wanted, const PresentProject& present, bool deletes);

// One line of a plan.
struct PlannedChange {
    enum class Action { create, change, remove, keep } action = Action::change;
    std::string kind;  // "flag" or "segment"
    std::string key;
    std::vector<std::string> sentences;
    std::string pointer;  // into the file; empty: not in it
};

struct CodePlan {
    CodeFile file;
    PresentProject present;
    flagfile::Difference difference;
    std::vector<PlannedChange> changes;
    bool is_empty() const;  // nothing but what is kept
};
// Reads the file and the project, and asks the control plane what the changes would do. Errors:
// those of read_code_file(), read_present() and AdminClient::call(), with places in the file.
Result<CodePlan> make_code_plan(FlagPlace& place, CodeFile file, const CodeOptions& options);

// The bodies of bulk requests that together make these changes, each within the limits of one
// request, and which flags each has.
struct BulkBody {
    std::string body;
    std::vector<const flagfile::FlagChange*> changes;
};
std::vector<BulkBody> bulk_bodies(const std::vector<flagfile::FlagChange>& changes);

// Changes of one segment, as a request.
AdminCall segment_call(const FlagPlace& place, const flagfile::Project& wanted, const flagfile::SegmentChange& change);
AdminCall segment_archiving(const FlagPlace& place, const flagfile::SegmentChange& change);
// Its creation, with its members in `environments`; a flag is created without configurations.
AdminCall segment_creation(const FlagPlace& place, const std::string& key, const flagfile::Segment& segment,
                           const std::set<std::string>& environments);
AdminCall flag_creation(const FlagPlace& place, const std::string& key, const flagfile::Flag& flag);

// The plan for people, one line each, or as JSON.
std::string describe_plan(const CodePlan& plan);
std::string json_of_plan(const CodePlan& plan);
// Commands of a GitHub workflow, one line each: a notice at every change, an error at every
// finding.
std::string annotations_of(const CodePlan& plan);
std::string annotations_of(const std::string& file, const Error& error);

Exit run_export(const CodeOptions& options, const Terminal& terminal);
Exit run_plan(const CodeOptions& options, const Terminal& terminal);
Exit run_apply(const CodeOptions& options, const Terminal& terminal);

}  // namespace fanion::cli
