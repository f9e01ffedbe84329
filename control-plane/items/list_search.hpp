#pragma once

// What the lists of flags and of segments have in common: a text, an order, and pages that go on
// behind a position, the sort value and the key of the last item. So no item is shown twice or left
// out unless its own sort value changes meanwhile. A cursor also names the search that it belongs
// to. Pure.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"

namespace fanion::cp::items {

struct ListPosition {
    std::string value;  // of what the list is sorted by
    std::string key;
    friend bool operator==(const ListPosition&, const ListPosition&) = default;
};

struct ListSearch {
    std::string text;  // in key, name or description, whatever its case
    std::string order = "key";
    bool is_descending = false;
    bool wants_total = false;
    std::string digest;  // of everything that says which items there are, and in which order
    std::optional<ListPosition> after = std::nullopt;
    std::size_t limit = 50;
};

// By what a definition says of itself. Every condition that is given must hold.
struct ItemFilter {
    std::vector<std::string> tags;     // all of them
    std::optional<std::string> owner;  // empty: those without
    std::optional<bool> is_archived;
    friend bool operator==(const ItemFilter&, const ItemFilter&) = default;
};

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// The parameters of one request, with the findings about them.
class SearchReader {
public:
    explicit SearchReader(const QueryParameters& parameters) : parameters_(parameters) {}

    std::optional<std::string> text(std::string_view name) const;
    std::vector<std::string> all(std::string_view name) const;
    std::optional<bool> boolean(std::string_view name);
    std::optional<UnixMillis> time(std::string_view name);
    // Reads `q`, `sort` and `total`. `limit` and `cursor` are for http::read_page().
    void list(ListSearch& search, std::span<const std::string_view> orders);
    // Reads `tag`, `owner` and `state`.
    void filter(ItemFilter& filter);

    // `rule`: "is `active` or `archived`"
    void fail(std::string_view name, std::string code, const std::string& rule);
    Result<> finish();

private:
    const QueryParameters& parameters_;
    std::vector<Finding> findings_;
};

// The text in a cursor. Error: invalid_input for one of another search.
std::string cursor_text(const ListSearch& search, const ListPosition& last);
Result<ListPosition> read_position(const ListSearch& search, std::string_view cursor);

template <class Row>
struct FoundList {
    std::vector<Row> rows;
    std::optional<ListPosition> next;  // of the last of them; none on the last page
    std::uint64_t total = 0;           // of all pages, where it was asked for
};

}  // namespace fanion::cp::items
