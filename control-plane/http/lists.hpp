#pragma once

// JSON texts of single resources and of lists, from functions that write one value. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/json/writer.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::http {

template <class T>
std::string to_text(void (*write)(json::Writer&, const T&), const T& value) {
    return body::text_of([&](json::Writer& w) { write(w, value); });
}

// Stores read one item more than fits on the page. Removes it; true when there was one.
template <class T>
bool truncate_to_page(std::vector<T>& items, std::size_t limit) {
    if (items.size() <= limit) return false;
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(limit), items.end());
    return true;
}

// The member `next`: the cursor of the next page, null on the last one.
inline void write_next(json::Writer& w, const std::optional<std::string>& next) {
    w.key("next");
    if (next) {
        w.string(*next);
    } else {
        w.null();
    }
}

// {"items":[..],"next":".."}; `write_items` writes the elements of the array.
template <class WriteItems>
std::string page_text(const WriteItems& write_items, const std::optional<std::string>& next) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("items").begin_array();
    write_items(w);
    w.end_array();
    write_next(w, next);
    w.end_object();
    return out;
}

// The page of `values`.
template <class T>
std::string list_text(void (*write)(json::Writer&, const T&), const std::vector<T>& values,
                      const std::optional<std::string>& next = std::nullopt) {
    const auto write_items = [&](json::Writer& w) {
        for (const auto& value : values) write(w, value);
    };
    return page_text(write_items, next);
}

}  // namespace fanion::cp::http
