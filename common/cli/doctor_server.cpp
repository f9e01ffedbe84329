#include <algorithm>
#include <ctime>
#include <map>
#include <optional>
#include <set>

#include "common/cli/doctor.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"

namespace fanion::cli {
namespace {

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<UnixMillis> parse_http_date(std::string_view text) {
    std::tm time{};
    const std::string copy(text);
    if (::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &time) == nullptr) return std::nullopt;
    return static_cast<UnixMillis>(timegm(&time)) * 1000;
}

Result<net::ClientResponse> get(const std::string& url, const std::string& path) {
    net::ClientRequest request;
    request.target = path;
    return exchange(url, std::move(request));
}

void check_clock(const std::string& area, const net::ClientResponse& response, UnixMillis before, Checks& checks) {
    const auto date = parse_http_date(response.header("Date"));
    if (!date) return;
    const auto after = SystemClock().now();
    constexpr UnixMillis rounding = 1000;  // the header has whole seconds
    UnixMillis ahead = 0;
    if (*date > after) ahead = *date - after;
    if (*date + rounding < before) ahead = *date + rounding - before;
    checks.push_back(judge_clock(area, ahead));
}

// Any answer of the right kind will do: nobody has to sign in for this.
bool reach(const std::string& area, const std::string& url, const std::string& path, Checks& checks) {
    const auto before = SystemClock().now();
    const auto response = get(url, path);
    Check check{area, url, Health::ok, "answers", ""};
    if (!response) {
        check.health = Health::failure;
        check.found = response.error().detail;
        check.advice = "Start it, or correct the address, name resolution, firewall or certificates.";
    } else if (response->status >= 500) {
        check.health = Health::failure;
        check.found = "answers with status " + std::to_string(response->status);
        check.advice = "Look at /readyz on its operators' port, and at its log.";
    } else if (response->status == 404) {
        check.health = Health::failure;
        check.found = "answers, but is something else";
        check.advice = "Correct the address.";
    }
    const bool is_there = check.health == Health::ok;
    checks.push_back(std::move(check));
    if (is_there) check_clock(area, *response, before, checks);
    return is_there;
}

struct RelayFacts {
    std::string build;
    std::size_t environments = 0;
    std::string rejected, silent;  // names of environments
};

void add_name(std::string& names, const std::string& name) { names += (names.empty() ? "" : ", ") + name; }

std::map<std::string, RelayFacts> relay_facts(const std::vector<std::string>& items) {
    std::map<std::string, RelayFacts> relays;
    for (const auto& item : items) {
        json::Document document;
        if (!document.parse(item)) continue;
        std::vector<Finding> ignored;
        json::Reader r(document.root(), ignored);
        auto& relay = relays[r.string("relay", "")];
        relay.build = r.string("build", "");
        ++relay.environments;
        const auto place = r.string("project", "") + "/" + r.string("environment", "");
        const auto standing = r.string("standing", "");
        if (standing == "rejected") add_name(relay.rejected, place + " (" + r.string("code", "") + ")");
        if (standing == "silent") add_name(relay.silent, place);
    }
    return relays;
}

Check judge_relay(const std::string& name, const RelayFacts& relay) {
    Check check{"relays", name, Health::ok, "", ""};
    check.found = "version " + relay.build + ", " + std::to_string(relay.environments) + " environments";
    if (!relay.rejected.empty()) {
        check.health = Health::failure;
        check.found += ", refuses " + relay.rejected;
        check.advice = "Look at its log for ruleset_rejected, and up the code in docs/distribution.md.";
    } else if (!relay.silent.empty()) {
        check.health = Health::warning;
        check.found += ", silent about " + relay.silent;
        check.advice = "Start it, or let it reach the control plane; it goes on serving what it has.";
    }
    return check;
}

void check_relay_versions(const std::map<std::string, RelayFacts>& relays, Checks& checks) {
    std::map<std::string, std::size_t> builds;
    for (const auto& [name, relay] : relays) ++builds[relay.build];
    Check check{"relays", "versions", Health::ok, "", ""};
    for (const auto& [build, count] : builds) add_name(check.found, build + " (" + std::to_string(count) + ")");
    if (builds.size() > 1) {
        check.health = Health::warning;
        check.advice = "Finish the upgrade: two versions run together, but not for ever.";
    }
    checks.push_back(std::move(check));
}

}  // namespace

void check_control_plane(const DoctorOptions& options, Checks& checks) {
    check_server_certificate(options.url, SystemClock().now(), checks);
    if (!reach("control plane", options.url, "/api/v1/auth/me", checks)) return;
    auto org = open_organisation(options.org);
    if (!org) {
        checks.push_back({"relays", "all", Health::warning, "not checked: " + org.error().detail,
                          "Sign in with `fanion login`, or set FANION_TOKEN, and name --org."});
        return;
    }
    const auto items = read_list(org->client, org->path + "/relays");
    if (!items) {
        checks.push_back({"relays", "all", Health::failure, items.error().detail, "Sign in as a member of it."});
        return;
    }
    const auto relays = relay_facts(*items);
    if (relays.empty()) {
        checks.push_back({"relays", "all", Health::warning, "no relay has reported yet", "Start one."});
        return;
    }
    for (const auto& [name, relay] : relays) checks.push_back(judge_relay(name, relay));
    check_relay_versions(relays, checks);
}

void check_relays(const DoctorOptions& options, Checks& checks) {
    for (const auto& url : options.relays) {
        check_server_certificate(url, SystemClock().now(), checks);
        reach("relay", url, "/sdk/v1/ruleset", checks);
    }
}

}  // namespace fanion::cli
