#include "common/store/access.hpp"

#include <array>
#include <cstdlib>
#include <utility>

#include "common/base/file.hpp"
#include "common/base/text.hpp"

namespace fanion::store {
namespace {

constexpr std::size_t largest_file = 64 * 1024;

constexpr std::array<std::pair<const char*, std::string Credentials::*>, 5> variables{{
    {"AWS_ACCESS_KEY_ID", &Credentials::access_key},
    {"AWS_SECRET_ACCESS_KEY", &Credentials::secret_key},
    {"AWS_SESSION_TOKEN", &Credentials::session_token},
    {"FANION_REDIS_USERNAME", &Credentials::redis_user},
    {"FANION_REDIS_PASSWORD", &Credentials::redis_password},
}};

bool read_line(std::string_view line, Credentials& credentials) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return false;
    for (const auto& [name, member] : variables) {
        if (trim(line.substr(0, equals)) != name) continue;
        credentials.*member = trim(line.substr(equals + 1));
        return true;
    }
    return false;
}

}  // namespace

Result<Credentials> read_credentials(const Access& access) {
    Credentials credentials;
    if (access.credentials_file.empty()) {
        for (const auto& [name, member] : variables) {
            const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets variables
            if (value) credentials.*member = value;
        }
        return credentials;
    }
    const auto text = read_file(access.credentials_file, largest_file);
    if (!text) return text.error();
    std::size_t number = 0;
    for (const auto line : split(*text, '\n')) {
        ++number;
        const auto content = trim(line);
        if (content.empty() || content.starts_with('#') || read_line(content, credentials)) continue;
        return Error{Errc::invalid_input, access.credentials_file + ": line " + std::to_string(number) +
                                              " is not NAME=value with a name that is known"};
    }
    return credentials;
}

}  // namespace fanion::store
