#include "common/cli/organisation.hpp"

#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"

namespace fanion::cli {

Result<Organisation> open_organisation(const std::string& key) {
    auto credentials = load_session();
    if (!credentials) return credentials.error();
    const auto& org = key.empty() ? credentials->org : key;
    if (org.empty()) return Error{Errc::invalid_input, "no organisation given; use --org or FANION_ORG"};
    const auto path = "/orgs/" + percent_encode(org);
    return Organisation{AdminClient(std::move(*credentials)), path};
}

Result<std::vector<std::unique_ptr<json::Document>>> read_list(Organisation& org, const std::string& path) {
    std::vector<std::unique_ptr<json::Document>> pages;
    std::string cursor;
    do {
        auto target = path + "?limit=200";
        if (!cursor.empty()) target += "&cursor=" + percent_encode(cursor);
        const auto response = org.client.call({.path = std::move(target)});
        if (!response) return response.error();
        auto page = std::make_unique<json::Document>();
        if (auto parsed = read_answer(*page, *response); !parsed) return parsed.error();
        std::vector<Finding> ignored;
        json::Reader r(page->root(), ignored);
        auto next = r.optional_string("next").value_or("");
        if (next == cursor) next.clear();  // a list that does not move on ends here
        cursor = std::move(next);
        pages.push_back(std::move(page));
    } while (!cursor.empty());
    return pages;
}

void print_list(const Terminal& terminal, const std::vector<std::unique_ptr<json::Document>>& pages,
                std::vector<std::string> heading, std::vector<std::string> (*row_of)(json::Reader& item)) {
    std::string all;
    std::vector<std::vector<std::string>> rows{std::move(heading)};
    for (const auto& page : pages) {
        std::vector<Finding> ignored;
        json::Reader r(page->root(), ignored);
        for (auto& item : r.array("items")) {
            all += (all.empty() ? "" : ",") + item.value().to_text();
            rows.push_back(row_of(item));
        }
    }
    terminal.print(terminal.json ? '[' + all + ']' : table(rows));
}

std::string joined_names(json::Reader& item, std::string_view member) {
    std::string all;
    for (const auto& name : item.strings(member)) all += (all.empty() ? "" : " ") + name;
    return all;
}

}  // namespace fanion::cli
