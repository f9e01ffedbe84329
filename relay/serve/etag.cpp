#include "relay/serve/etag.hpp"

#include "common/base/text.hpp"

namespace fanion::relay::serve {

std::string make_etag(const Sha256& hash) { return '"' + to_base64url(as_view(hash).substr(0, 16)) + '"'; }

bool matches_etag(std::string_view if_none_match, std::string_view etag) noexcept {
    std::string_view rest = trim(if_none_match);
    if (rest == "*") return true;
    while (!rest.empty()) {
        if (rest.starts_with("W/")) rest.remove_prefix(2);
        if (!rest.starts_with('"')) return false;
        const auto end = rest.find('"', 1);
        if (end == std::string_view::npos) return false;
        if (rest.substr(0, end + 1) == etag) return true;
        rest.remove_prefix(end + 1);
        while (!rest.empty() && (rest.front() == ',' || rest.front() == ' ' || rest.front() == '\t'))
            rest.remove_prefix(1);
    }
    return false;
}

}  // namespace fanion::relay::serve
