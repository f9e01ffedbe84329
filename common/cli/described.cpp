#include "common/cli/described.hpp"

#include <vector>

namespace fanion::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string cell_of(json::Value value) {
    if (value.is(json::Kind::string)) return std::string(value.as_string());
    return value.to_text();
}

bool is_plain(json::Value value) { return !value.is(json::Kind::object) && !value.is(json::Kind::array); }

bool is_plain_list(json::Value value) {
    for (const auto element : value.elements())
        if (!is_plain(element)) return false;
    return true;
}

std::string joined(json::Value list) {
    std::string text;
    for (const auto element : list.elements()) text += (text.empty() ? "" : ", ") + cell_of(element);
    return text;
}

void add_rows(Rows& rows, const std::string& name, json::Value value) {
    const auto below = name.empty() ? name : name + ' ';
    if (value.is(json::Kind::null)) return;
    if (value.is(json::Kind::object)) {
        for (const auto& [member, content] : value.members()) add_rows(rows, below + std::string(member), content);
    } else if (value.is(json::Kind::array) && !is_plain_list(value)) {
        std::size_t number = 0;
        for (const auto element : value.elements()) add_rows(rows, below + std::to_string(++number), element);
    } else {
        auto text = value.is(json::Kind::array) ? joined(value) : cell_of(value);
        if (!text.empty()) rows.push_back({name, std::move(text)});
    }
}

}  // namespace

std::string described(json::Value resource) {
    Rows rows;
    add_rows(rows, "", resource);
    return table(rows);
}

Exit print_described(const Result<net::ClientResponse>& response, const Terminal& terminal) {
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    terminal.print(terminal.json || !is_terminal_output() ? response->body : described(document.root()));
    return Exit::ok;
}

}  // namespace fanion::cli
