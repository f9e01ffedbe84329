#include <memory>

#include "common/cli/commands.hpp"
#include "common/cli/organisation.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

struct UsageOptions {
    std::string org;
};

std::vector<std::string> usage_row(json::Reader& item) {
    const bool is_limited = item.has("limit") && !item.is_null("limit");
    const auto limit = is_limited ? std::to_string(item.unsigned_integer("limit", 0)) : "unlimited";
    return {item.string("name", ""), std::to_string(item.unsigned_integer("used", 0)), limit};
}

Exit run_usage(const UsageOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto response = org->client.call({.path = org->path + "/usage"});
    if (!response) return terminal.fail(response.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    std::vector<std::vector<std::string>> rows{{"QUOTA", "USED", "LIMIT"}};
    for (auto& item : r.array("quotas")) rows.push_back(usage_row(item));
    terminal.print(table(rows));
    return Exit::ok;
}

}  // namespace

void add_usage_command(CLI::App& app, Session& session) {
    auto options = std::make_shared<UsageOptions>();
    auto* usage = add_command(app, session, options, "usage", "what the organisation uses of its quotas", run_usage);
    usage->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
}

}  // namespace fanion::cli
