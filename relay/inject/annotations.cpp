#include "relay/inject/annotations.hpp"

#include <algorithm>
#include <array>

#include "common/base/text.hpp"

namespace fanion::relay::inject {
namespace {

constexpr std::string_view prefix = "fanion.dev/";
constexpr std::size_t longest_shown = 100;  // of a value, in a message

using ReadValue = std::string (*)(std::string_view value, Wishes& wishes);  // returns what is wrong, or ""

std::string quoted(std::string_view value) { return "'" + shortened(value, longest_shown) + "'"; }

// An id, or org/project/env.
bool is_environment(std::string_view name) {
    const auto parts = split(name, '/');
    return (parts.size() == 1 || parts.size() == 3) && std::ranges::all_of(parts, is_valid_key);
}

std::string read_environments(std::string_view value, Wishes& wishes) {
    for (const auto part : split(value, ',')) {
        const auto name = trim(part);
        if (!is_environment(name)) {
            return quoted(name) +
                   " is no environment; give ORGANISATION/PROJECT/ENVIRONMENT or an id, several "
                   "separated by commas";
        }
        if (!wishes.environments.empty()) wishes.environments += ',';
        wishes.environments += name;
    }
    return "";
}

std::string read_image(std::string_view value, Wishes& wishes) {
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
               std::string_view("._-/:@").find(c) != std::string_view::npos;
    };
    if (value.empty() || value.size() > 512 || !std::ranges::all_of(value, is_allowed)) {
        return quoted(value) + " is no image";
    }
    wishes.image = std::string(value);
    return "";
}

// RFC 1123, as names of secrets are.
bool is_object_name(std::string_view name) {
    if (name.empty() || name.size() > 253) return false;
    const auto is_end = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c); };
    const auto is_inside = [&](char c) { return is_end(c) || c == '-' || c == '.'; };
    return is_end(name.front()) && is_end(name.back()) && std::ranges::all_of(name, is_inside);
}

std::string read_key_secret(std::string_view value, Wishes& wishes) {
    if (!is_object_name(value)) return quoted(value) + " is no name of a secret";
    wishes.key_secret = std::string(value);
    return "";
}

std::optional<std::uint16_t> read_port(std::string_view text) {
    const auto number = parse_u64(text);
    if (!number || *number == 0 || *number > 65'535) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

std::string read_listen(std::string_view value, Wishes& wishes) {
    if (const auto port = read_port(value)) {
        wishes.listen = config::Endpoint{"", *port};
        return "";
    }
    const auto endpoint = config::parse_endpoint(value);
    if (!endpoint || !endpoint->path.empty() || endpoint->port == 0) {
        return quoted(value) + " is neither a port nor ADDRESS:PORT";
    }
    if (endpoint->address != "::1" && !endpoint->address.starts_with("127.")) {
        return quoted(value) + " is no address of loopback: other pods would reach this pod's relay";
    }
    wishes.listen = endpoint;
    return "";
}

std::string read_operators_port(std::string_view value, Wishes& wishes) {
    wishes.operators_port = read_port(value);
    return wishes.operators_port ? "" : quoted(value) + " is no port";
}

bool is_quantity(std::string_view text) {
    constexpr std::array<std::string_view, 12> units{"", "m", "k", "Ki", "M", "Mi", "G", "Gi", "T", "Ti", "P", "Pi"};
    const auto digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = text.substr(0, digits);
    return !number.empty() && is_digit(number.front()) && is_digit(number.back()) &&
           std::ranges::count(number, '.') <= 1 && number.size() <= 20 &&
           std::ranges::find(units, text.substr(digits)) != units.end();
}

std::string read_quantities(std::string_view value, Quantities& out) {
    constexpr std::array<std::string_view, 3> resources{"cpu", "memory", "ephemeral-storage"};
    for (const auto part : split(value, ',')) {
        const auto entry = trim(part);
        const auto name = entry.substr(0, entry.find('='));
        const auto quantity = name.size() < entry.size() ? entry.substr(name.size() + 1) : "";
        if (std::ranges::find(resources, name) == resources.end() || !is_quantity(quantity)) {
            return quoted(entry) + " is not as cpu=20m or memory=48Mi, several separated by commas";
        }
        out.emplace_back(name, quantity);
    }
    return "";
}

struct Annotation {
    std::string_view name;  // behind the prefix
    ReadValue read;
};

constexpr std::array<Annotation, 7> annotations_read{{
    {"inject", read_environments},
    {"image", read_image},
    {"key-secret", read_key_secret},
    {"listen", read_listen},
    {"operators-port", read_operators_port},
    {"requests", [](std::string_view value, Wishes& wishes) { return read_quantities(value, wishes.requests); }},
    {"limits", [](std::string_view value, Wishes& wishes) { return read_quantities(value, wishes.limits); }},
}};

std::string unknown() {
    std::string text = "unknown; there are";
    for (const auto& annotation : annotations_read) {
        text += (text.ends_with("are") ? " " : ", ") + std::string(prefix) + std::string(annotation.name);
    }
    return text;
}

}  // namespace

Wishes read_wishes(json::Value annotations, std::vector<std::string>& mistakes) {
    Wishes wishes;
    for (const auto& [name, value] : annotations.members()) {
        if (!name.starts_with(prefix)) continue;
        const auto own = name.substr(prefix.size());
        const auto* known = std::ranges::find(annotations_read, own, &Annotation::name);
        const auto wrong = known == annotations_read.end() ? unknown() : known->read(value.as_string(), wishes);
        if (!wrong.empty()) mistakes.push_back("annotation " + shortened(name, longest_shown) + ": " + wrong);
    }
    return wishes;
}

}  // namespace fanion::relay::inject
