#include "common/store/s3_answer.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::store {
namespace {

// The text of the next element of this name, which is removed from `xml` with all before it.
std::optional<std::string_view> take_element(std::string_view& xml, std::string_view name) {
    const auto open = "<" + std::string(name) + ">";
    const auto close = "</" + std::string(name) + ">";
    const auto begin = xml.find(open);
    if (begin == std::string_view::npos) return std::nullopt;
    const auto end = xml.find(close, begin + open.size());
    if (end == std::string_view::npos) return std::nullopt;
    const auto text = xml.substr(begin + open.size(), end - begin - open.size());
    xml.remove_prefix(end + close.size());
    return text;
}

}  // namespace

S3Listing parse_s3_listing(std::string_view xml) {
    S3Listing listing;
    for (auto rest = xml; const auto key = take_element(rest, "Key");) {
        if (key->find_first_of("&<") == std::string_view::npos) listing.keys.emplace_back(*key);
    }
    auto rest = xml;
    const auto token = take_element(rest, "NextContinuationToken");
    if (token && token->find_first_of("&<") == std::string_view::npos) listing.next = *token;
    return listing;
}

std::string parse_s3_error(std::string_view xml) {
    const auto code = take_element(xml, "Code");
    constexpr std::size_t longest = 64;
    const bool is_word = code && code->size() <= longest && std::ranges::all_of(*code, [](char c) {
                             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
                         });
    return is_word ? std::string(*code) : std::string();
}

}  // namespace fanion::store
