#pragma once

// What the flag commands share: where the flag is, and the client to reach it. Private to common/cli.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/cli/admin_client.hpp"
#include "common/cli/terminal.hpp"
#include "common/json/document.hpp"

namespace fanion::cli {

struct FlagOptions {
    std::string org, project, env;  // empty: the remembered default
    std::string key;
    // create
    std::string type = "boolean";
    std::string name, description;
    std::vector<std::string> variations;  // key=JSON
    bool client = false;
    // set
    std::string fallthrough, off, split, otherwise, patch;
};

// A signed-in client and the place that the options and the remembered defaults name.
class FlagPlace {
public:
    // Errors: unauthenticated; invalid_input naming the option that is missing.
    static Result<FlagPlace> open(const FlagOptions& options, bool needs_env);

    AdminClient& client() { return client_; }
    std::string flags() const;                         // path of the project's flags
    std::string flag(const std::string& key) const;    // path of one flag
    std::string in_env(const std::string& key) const;  // path of its configuration in the environment
    const std::string& env() const { return credentials_.env; }

private:
    explicit FlagPlace(Credentials credentials) : credentials_(credentials), client_(std::move(credentials)) {}
    Credentials credentials_;
    AdminClient client_;
};

// Changes one environment's configuration: the patch is made from the present one, sent with If-Match, and made anew when
// somebody else was faster. Answers with the new configuration.
using MakePatch = std::function<Result<std::string>(json::Value present)>;
Result<net::ClientResponse> change_config(FlagPlace& place, const std::string& key, const MakePatch& make_patch);

// The merge patch of `fanion flag set`. Errors: invalid_input naming the option.
Result<std::string> make_set_patch(const FlagOptions& options);

}  // namespace fanion::cli
