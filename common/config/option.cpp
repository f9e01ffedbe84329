#include "common/config/option.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::config {
namespace {

constexpr std::string_view levels[] = {"debug", "info", "warn", "error"};

}  // namespace

std::string Option::read_number(const std::string& text, std::uint64_t low, std::uint64_t high, std::uint64_t& out) {
    const auto value = parse_u64(text);
    if (!value || *value < low || *value > high) {
        return "'" + text + "' is not a number from " + std::to_string(low) + " to " + std::to_string(high);
    }
    out = *value;
    return {};
}

Option& Option::read(Reader reader) {
    reader_ = std::move(reader);
    return *this;
}

Option& Option::otherwise(std::string what) {
    fallback_ = std::move(what);
    is_described_ = true;
    return *this;
}

Option& Option::starts_as(std::string value) {
    fallback_ = std::move(value);
    return *this;
}

Option& Option::also(std::string variable) {
    also_ = std::move(variable);
    return *this;
}

Option& Option::reread() {
    is_reread_ = true;
    return *this;
}

Option& Option::credential(Credential what) {
    credential_ = what;
    return *this;
}

Option& Option::text(std::string& out) {
    return starts_as(out).read([&out](const std::string& given) {
        out = given;
        return std::string();
    });
}

Option& Option::path(std::filesystem::path& out) {
    return starts_as(out.string()).read([&out](const std::string& given) {
        out = given;
        return std::string();
    });
}

Option& Option::list(std::vector<std::string>& out) {
    kind_ = Kind::list;
    return read([&out](const std::string& given) {
        out.push_back(given);
        return std::string();
    });
}

Option& Option::flag(bool& out) {
    kind_ = Kind::flag;
    return read([&out](const std::string& given) {
        out = given == "true";
        return std::string();
    });
}

Option& Option::endpoint(Endpoint& out) {
    return starts_as(to_string(out)).read([&out](const std::string& given) -> std::string {
        auto value = parse_endpoint(given);
        if (!value) return "'" + given + "' is not of the form ADDRESS:PORT or unix:/PATH";
        out = std::move(*value);
        return {};
    });
}

Option& Option::level(LogLevel& out) {
    return starts_as(std::string(levels[static_cast<std::size_t>(out)]))
        .read([&out](const std::string& given) -> std::string {
            const auto* const found = std::ranges::find(levels, given);
            if (found == std::end(levels)) return "'" + given + "' is not one of debug, info, warn, error";
            out = static_cast<LogLevel>(found - std::begin(levels));
            return {};
        });
}

Option& Option::duration(std::chrono::milliseconds& out, std::uint64_t low, std::uint64_t high) {
    return starts_as(std::to_string(out.count())).read([&out, low, high](const std::string& given) {
        std::uint64_t value = 0;
        auto wrong = read_number(given, low, high, value);
        if (wrong.empty()) out = std::chrono::milliseconds(value);
        return wrong;
    });
}

Option& Option::duration(std::optional<std::chrono::milliseconds>& out, std::uint64_t low, std::uint64_t high) {
    return read([&out, low, high](const std::string& given) {
        std::uint64_t value = 0;
        auto wrong = read_number(given, low, high, value);
        if (wrong.empty()) out = std::chrono::milliseconds(value);
        return wrong;
    });
}

std::string Option::meaning() const { return is_reread_ ? meaning_ + "; read again at SIGHUP" : meaning_; }

std::string Option::help() const { return fallback_.empty() ? meaning() : meaning() + " [" + fallback_ + "]"; }

std::string Option::environment() const {
    std::string variable = "FANION_";
    for (const char c : name_) variable += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return variable;
}

}  // namespace fanion::config
