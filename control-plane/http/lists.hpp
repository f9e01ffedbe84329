#pragma once

// JSON texts of single resources and of lists, from functions that write one value.

#include <string>
#include <vector>

#include "common/json/writer.hpp"

namespace fanion::cp::http {

template <class T>
std::string to_text(void (*write)(json::Writer&, const T&), const T& value) {
    std::string out;
    json::Writer w(out);
    write(w, value);
    return out;
}

// {"items":[..],"next":null} for lists that fit one page.
template <class T>
std::string list_text(void (*write)(json::Writer&, const T&), const std::vector<T>& values) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("items").begin_array();
    for (const auto& value : values) write(w, value);
    w.end_array().key("next").null().end_object();
    return out;
}

}  // namespace fanion::cp::http
