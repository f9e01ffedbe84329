#pragma once

// What the commands for flags and segments share: where they are, and the client to access them.
// Private to common/cli.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/cli/admin_client.hpp"
#include "common/cli/terminal.hpp"
#include "common/json/document.hpp"

namespace CLI {
class App;
}

namespace fanion::cli {

struct Session;

struct FlagOptions {
    std::string org, project, env;  // empty: the default stored by `fanion login`
    std::string key;
    bool strict = false;        // commands that change something refuse what has warnings
    bool yes = false;           // and do not ask before they change a protected environment
    bool dry_run = false;       // and only say what they would change
    bool skips_stages = false;  // a change of a configuration goes to all relays at once
    std::string comment;        // for the audit log
    std::string request;        // the title of a change request that is made of the change
    // create
    std::string type = "boolean";
    std::string name, description;
    std::vector<std::string> variations;  // KEY=JSON
    bool client = false;
    std::string owner, lifetime;  // list, too
    // list, stale
    bool is_unowned = false;
    std::string text, of_type, state, enabled, evaluated, evaluated_after, evaluated_before, sort, reason;
    std::vector<std::string> tags;
    std::string copy, salt;      // clone
    std::string until;           // snooze
    unsigned days = 0;           // the same; 0: not given
    bool is_snoozed = false;     // stale: those that are snoozed too
    std::string form = "merge";  // patch
    // set
    std::string fallthrough, off, split, otherwise, patch;
    // rule, target, weights
    std::string rule, when, serve, before, after, at, variation, attribute;
    std::vector<std::string> values;
};

// A signed-in client, and the project and environment given by the options and the stored defaults.
class FlagPlace {
public:
    // Errors: unauthenticated; invalid_input if an option is missing, which the detail names.
    static Result<FlagPlace> open(const FlagOptions& options, bool needs_env);
    // `env`: empty: none is needed.
    static Result<FlagPlace> open_project(const std::string& org, const std::string& project,
                                          const std::string& env = "");

    AdminClient& client() { return client_; }
    std::string organisation() const;                  // path of the organisation
    std::string project() const;                       // path of the project
    std::string flags() const;                         // path of its flags
    std::string flag(const std::string& key) const;    // path of one flag
    std::string in_env(const std::string& key) const;  // path of its configuration in the environment
    std::string environment() const;                   // path of the environment
    std::string segments() const;                      // path of the project's segments
    std::string segment(const std::string& key) const;
    std::string members(const std::string& key) const;  // path of its lists in the environment
    const std::string& project_key() const { return credentials_.project; }
    const std::string& env() const { return credentials_.env; }

private:
    explicit FlagPlace(Credentials credentials) : credentials_(credentials), client_(std::move(credentials)) {}
    Credentials credentials_;
    AdminClient client_;
};

// A change of a flag's configuration in one environment: a patch.
struct ConfigChange {
    std::string body;
    const char* content_type = "application/merge-patch+json";
};

// The call that makes the change, without a query.
AdminCall config_call(const FlagPlace& place, const FlagOptions& options, const ConfigChange& change);

// Sends a change with the If-Match of the current configuration. If someone else changed the
// configuration in the meantime, sends it again; after five attempts returns the error `conflict`.
// Otherwise returns the response with the new configuration, or the error of AdminClient::call().
Result<net::ClientResponse> change_config(FlagPlace& place, const FlagOptions& options, const ConfigChange& change);

// The same for any resource: GET `path`, then what `make_call` makes of the response, with
// If-Match.
using MakeCall = std::function<Result<AdminCall>(json::Value present)>;
Result<net::ClientResponse> change_at(FlagPlace& place, const std::string& path, const MakeCall& make_call);

// The query of a change: ?strict=true, ?dry_run=true, ?stage=skip and ?comment= as the options say.
std::string change_query(const FlagOptions& options);

// Asks for confirmation if it is needed, makes the change, and prints its result: `done` behind the
// flag's key, or with --dry-run the sentences that say what would change.
Exit run_change(const FlagOptions& options, const Terminal& terminal, const ConfigChange& change, std::string_view done,
                bool is_turned_on = false);

// Makes a change request of the change, and prints its id.
Exit ask_for_change(FlagPlace& place, const FlagOptions& options, const Terminal& terminal, const ConfigChange& change);
// The error with what to do about it, if that is known.
Error with_advice(Error error);

// Prints the sentences of a dry run.
void print_dry_run(const net::ClientResponse& response, const Terminal& terminal);

// Asks before a change that is hard to take back. Errors: conflict if the answer is no;
// invalid_input without a terminal to ask on and without --yes.
Result<> confirm(bool yes, const std::string& question);

// Asks before a protected environment is changed. Errors: conflict if the answer is no;
// invalid_input without a terminal to ask on and without --yes; those of AdminClient::call().
Result<> confirm_change(FlagPlace& place, const FlagOptions& options);

// Error: conflict if the flag is archived, since no relay serves it, however it is configured.
Result<> check_not_archived(FlagPlace& place, const FlagOptions& options);

// The member `changes` of a dry run.
std::vector<std::string> sentences_of(const net::ClientResponse& response);

// The member `warnings` of a response.
std::vector<Finding> warnings_of(const net::ClientResponse& response);

// Converts "on=25,off=75", in percent with up to three decimals, to the members `weights` and
// `otherwise` of a split as JSON. Error: invalid_input; the detail names the option, unless the
// percentages add up to 100 or `otherwise` is given.
Result<std::string> make_split(const std::string& text, const std::string& otherwise);

// Bodies of instructions: {"instructions":[..]}. Error: invalid_input; the detail names the option.
Result<std::string> make_rule_addition(const FlagOptions& options);
Result<std::string> make_rule_removal(const FlagOptions& options);
Result<std::string> make_rule_move(const FlagOptions& options);
Result<std::string> make_target_addition(const FlagOptions& options);
Result<std::string> make_target_removal(const FlagOptions& options);
Result<std::string> make_weights_change(const FlagOptions& options);

// The merge patch of `fanion flag set`. Error: invalid_input; the detail names the option.
Result<std::string> make_set_patch(const FlagOptions& options);

// Converts the patch to a change that the API can express. In a merge patch, null means the
// default, and the default of `off` for a boolean flag is a variation: `off` is set to null ("the
// caller's own default") by a JSON patch.
ConfigChange make_set_change(const FlagOptions& options, const std::string& patch);

// Which flags or segments a list is to have: by text, tag, owner and state, and their order.
std::string definition_query(const FlagOptions& options);
// The options for that. `what`: "flags".
void add_definition_filters(CLI::App& list, const std::shared_ptr<FlagOptions>& options, const std::string& what);

// The content type of a patch of the form merge, json-patch or instructions.
const char* patch_type(const std::string& form);

// Adds `explain`.
void add_flag_explain_command(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& place);

// Adds `list` and `stale`.
void add_flag_list_commands(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& options);

}  // namespace fanion::cli
