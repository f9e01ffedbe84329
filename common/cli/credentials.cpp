#include "common/cli/credentials.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "common/cli/files.hpp"
#include "common/cli/profiles.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {

// An invalid FANION_PROFILE is refused before a command runs.
std::string credentials_path() {
    const auto name = current_profile();
    return profile_path(name ? *name : default_profile);
}

Result<Credentials> load_credentials() {
    const auto name = current_profile();
    if (!name) return name.error();
    return load_profile(*name);
}

Result<Credentials> load_profile(const std::string& name) {
    const auto path = profile_path(name);
    if (!std::filesystem::exists(path) && name != default_profile)
        return Error{Errc::unauthenticated, "there is no profile `" + name + "`; see `fanion profile list`"};
    if (!std::filesystem::exists(path))
        return Error{Errc::unauthenticated, "not signed in; sign in with `fanion login`"};
    const auto text = read_file(path);
    if (!text) return text.error();
    json::Document document;
    std::vector<Finding> findings;
    if (auto parsed = document.parse(*text); !parsed)
        return Error{Errc::invalid_input, path + ": " + describe(parsed.error())};
    json::Reader r(document.root(), findings);
    Credentials credentials;
    credentials.url = r.string("url");
    credentials.email = r.string("email");
    credentials.access_token = r.string("access_token");
    credentials.refresh_token = r.string("refresh_token");
    credentials.org = r.string("org", "");
    credentials.project = r.string("project", "");
    credentials.env = r.string("env", "");
    if (!findings.empty())
        return Error{Errc::invalid_input, path + " is damaged; sign in again with `fanion login`", findings};
    return credentials;
}

namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Result<Credentials> token_of_environment(std::string token) {
    Credentials credentials;
    credentials.url = environment("FANION_URL");
    if (credentials.url.empty())
        return Error{Errc::invalid_input, "FANION_TOKEN is set; set FANION_URL to the control plane's address too"};
    credentials.access_token = std::move(token);
    credentials.is_program_token = true;
    credentials.org = environment("FANION_ORG");
    credentials.project = environment("FANION_PROJECT");
    credentials.env = environment("FANION_ENV");
    return credentials;
}

}  // namespace

Result<Credentials> load_session() {
    if (auto token = environment("FANION_TOKEN"); !token.empty()) return token_of_environment(std::move(token));
    auto credentials = load_credentials();
    if (credentials && credentials->access_token.empty())
        return Error{Errc::unauthenticated, "this profile is not signed in; sign in with `fanion login`"};
    const char* wanted = std::getenv("FANION_URL");
    if (!credentials || wanted == nullptr || *wanted == '\0') return credentials;
    const auto without_slash = [](std::string_view url) {
        return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
    };
    if (without_slash(wanted) == without_slash(credentials->url)) return credentials;
    return Error{Errc::unauthenticated, "FANION_URL is " + std::string(wanted) + ", but the session is one at " +
                                            credentials->url +
                                            "; sign in there with `fanion login`, or unset FANION_URL"};
}

// The directory: the file itself is replaced whenever it is written.
Result<FileLock> lock_credentials() {
    return FileLock::acquire(std::filesystem::path(credentials_path()).parent_path().string());
}

Result<> save_credentials(const Credentials& credentials) {
    const auto name = current_profile();
    if (!name) return name.error();
    return save_profile(*name, credentials);
}

Result<> save_profile(const std::string& name, const Credentials& credentials) {
    std::string text;
    json::Writer w(text);
    w.begin_object().member("url", credentials.url).member("email", credentials.email);
    w.member("access_token", credentials.access_token).member("refresh_token", credentials.refresh_token);
    w.member("org", credentials.org).member("project", credentials.project).member("env", credentials.env).end_object();
    return write_private_file(profile_path(name), text + "\n");
}

void delete_credentials() {
    std::error_code ignored;  // the file may not exist
    std::filesystem::remove(credentials_path(), ignored);
}

}  // namespace fanion::cli
