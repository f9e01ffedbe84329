#pragma once

// The configuration of fanion-control-plane: flags, environment (FANION_*) and a `name = value` file give the same names; flags win
// over the environment, the environment over the file. Immutable after parsing.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/log.hpp"

namespace fanion::app {

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
};

enum class Command { serve, migrate, bootstrap };

struct Config {
    Command command = Command::serve;

    // Database: one of the two.
    std::string database_url;
    std::filesystem::path embedded_postgres;
    std::string postgres_user = "postgres";
    std::filesystem::path postgres_binaries;
    std::size_t pool_size = 8;
    std::chrono::milliseconds statement_timeout{10'000};

    // serve
    Endpoint listen{"127.0.0.1", 8081};
    Endpoint operators_listen{"127.0.0.1", 9091};
    std::filesystem::path data_dir;  // keys and trust document are made here when they are missing
    std::filesystem::path trust;     // each of the three stands in for the file in data_dir
    std::filesystem::path signing_key;
    std::filesystem::path jwt_key;
    bool migrate = false;  // at the start
    unsigned blocking_threads = 2;
    std::chrono::milliseconds stop_timeout{20'000};  // for requests under way at the end
    LogLevel log_level = LogLevel::info;

    // migrate
    bool check = false;

    // bootstrap
    std::string org;
    std::string org_name;
    std::string email;
};

using Environment = std::function<std::optional<std::string>(std::string_view name)>;

struct ParsedConfig {
    Config config;
    std::vector<std::string> errors;    // all of them; the program ends with 2
    std::optional<std::string> answer;  // --help, --version: to be printed; the program ends with 0
};

ParsedConfig parse_config(const std::vector<std::string>& arguments, const Environment& environment);

std::optional<Endpoint> parse_endpoint(std::string_view text);  // "127.0.0.1:8081", "[::1]:8081"

}  // namespace fanion::app
