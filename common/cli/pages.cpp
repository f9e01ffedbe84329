#include "common/cli/pages.hpp"

#include <utility>

#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {

Result<std::vector<std::string>> read_list(AdminClient& client, const std::string& path, const std::string& query,
                                           std::string_view member) {
    std::vector<std::string> elements;
    std::string cursor;
    do {
        const auto place = cursor.empty() ? "" : "&cursor=" + percent_encode(cursor);
        const auto page = client.call({.path = path + "?limit=200" + query + place});
        if (!page) return page.error();
        json::Document document;
        if (auto parsed = read_answer(document, *page); !parsed) return parsed.error();
        std::vector<Finding> findings;
        json::Reader r(document.root(), findings);
        for (const auto& element : r.array(member)) elements.push_back(element.value().to_text());
        auto next = r.optional_string("next").value_or("");
        if (next == cursor) break;  // a list that does not move on ends here
        cursor = std::move(next);
    } while (!cursor.empty());
    return elements;
}

Result<std::vector<std::string>> elements_of(const net::ClientResponse& page) {
    json::Document document;
    if (auto parsed = read_answer(document, page); !parsed) return parsed.error();
    std::vector<Finding> findings;
    std::vector<std::string> elements;
    for (const auto& element : json::Reader(document.root(), findings).array("items"))
        elements.push_back(element.value().to_text());
    return elements;
}

Exit print_list(const Terminal& terminal, const std::vector<std::string>& elements, std::vector<std::string> heading,
                std::vector<std::string> (*row_of)(json::Reader& item)) {
    if (terminal.json) {
        terminal.print(array_of(elements));
        return Exit::ok;
    }
    std::vector<std::vector<std::string>> rows{std::move(heading)};
    for (const auto& element : elements) {
        json::Document document;
        if (auto parsed = document.parse(element, {.bytes = element.size()}); !parsed)
            return terminal.fail(parsed.error());
        std::vector<Finding> ignored;
        json::Reader item(document.root(), ignored);
        rows.push_back(row_of(item));
    }
    terminal.print(table(rows));
    return Exit::ok;
}

std::string array_of(const std::vector<std::string>& elements) {
    std::string out;
    json::Writer w(out);
    w.begin_array();
    for (const auto& element : elements) w.raw(element);
    w.end_array();
    return out;
}

}  // namespace fanion::cli
