#include "common/cli/organisation.hpp"

#include <utility>

#include "common/base/text.hpp"
#include "common/cli/pages.hpp"
#include "common/cli/terminal.hpp"
#include "common/json/document.hpp"

namespace fanion::cli {

Result<Organisation> open_organisation(const std::string& org) {
    auto credentials = load_session();
    if (!credentials) return credentials.error();
    const auto& wanted = org.empty() ? credentials->org : org;
    if (wanted.empty()) return Error{Errc::invalid_input, "no organisation given; use --org or FANION_ORG"};
    const auto path = "/orgs/" + percent_encode(wanted);
    return Organisation{AdminClient(std::move(*credentials)), path};
}

void print_list(const Terminal& terminal, const std::vector<std::string>& elements, std::vector<std::string> heading,
                std::vector<std::string> (*row_of)(json::Reader& item)) {
    std::vector<std::vector<std::string>> rows{std::move(heading)};
    for (const auto& element : elements) {
        json::Document document;
        if (!document.parse(element)) continue;  // it was written by read_list()
        std::vector<Finding> ignored;
        json::Reader item(document.root(), ignored);
        rows.push_back(row_of(item));
    }
    terminal.print(terminal.json ? array_of(elements) : table(rows));
}

std::string joined_names(json::Reader& item, std::string_view member) {
    std::string all;
    for (const auto& name : item.strings(member)) all += (all.empty() ? "" : " ") + name;
    return all;
}

}  // namespace fanion::cli
