#include "common/cli/pages.hpp"

#include <utility>

#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {

Result<std::vector<std::string>> read_list(AdminClient& client, const std::string& path) {
    std::vector<std::string> elements;
    std::string cursor;
    do {
        const auto page =
            client.call({.path = path + "?limit=200" + (cursor.empty() ? "" : "&cursor=" + percent_encode(cursor))});
        if (!page) return page.error();
        json::Document document;
        if (auto parsed = read_answer(document, *page); !parsed) return parsed.error();
        std::vector<Finding> findings;
        json::Reader r(document.root(), findings);
        for (const auto& element : r.array("items")) elements.push_back(element.value().to_text());
        auto next = r.optional_string("next").value_or("");
        if (next == cursor) break;  // a list that does not move on ends here
        cursor = std::move(next);
    } while (!cursor.empty());
    return elements;
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
