#include "control-plane/identity/browser.hpp"

#include "common/base/text.hpp"

namespace fanion::cp::identity {
namespace {

bool is_loopback(std::string_view host) noexcept {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Error tls_required() {
    const std::string detail =
        "sessions of browsers need TLS, or a control plane and a browser on the same machine: set --public-url to the "
        "https address under which browsers reach it";
    return {Errc::forbidden, detail, {{"", "", "tls_required", detail}}};
}

BrowserSite to_site(const net::Origin& url) {
    BrowserSite site;
    site.origin = (url.tls ? "https://" : "http://") + to_lower_ascii(url.authority);
    site.cookie_name = url.prefix.empty() ? "__Host-fanion" : "__Secure-fanion";
    site.cookie_path = url.prefix + '/';
    return site;
}

}  // namespace

Result<PublicUrl> PublicUrl::parse(std::string_view url) {
    auto origin = net::parse_origin(url);
    if (!origin) return origin.error();
    PublicUrl made;
    made.url_ = std::move(*origin);
    return made;
}

Result<BrowserSite> PublicUrl::site(std::string_view host) const {
    if (url_) {
        if (!url_->tls && !is_loopback(url_->host)) return tls_required();
        return to_site(*url_);
    }
    const auto asked = net::parse_origin("http://" + std::string(host));
    if (!asked || !asked->prefix.empty() || !is_loopback(to_lower_ascii(asked->host))) return tls_required();
    return to_site(*asked);
}

std::string_view cookie_value(std::string_view cookies, const BrowserSite& site) noexcept {
    while (!cookies.empty()) {
        const auto end = std::min(cookies.find(';'), cookies.size());
        const auto pair = trim(cookies.substr(0, end));
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) == site.cookie_name && equals != std::string_view::npos) {
            return pair.substr(equals + 1);
        }
        cookies.remove_prefix(std::min(end + 1, cookies.size()));
    }
    return {};
}

std::string set_cookie_text(const BrowserSite& site, std::string_view value, std::string_view seconds) {
    std::string text = site.cookie_name + '=';
    text.append(value).append("; Path=").append(site.cookie_path).append("; Max-Age=");
    text.append(value.empty() ? "0" : seconds).append("; HttpOnly; Secure; SameSite=Lax");
    return text;
}

Result<> check_source(const RequestSource& source, const BrowserSite& site) {
    const bool is_foreign = source.origin.empty() ? source.is_unsafe : source.origin != site.origin;
    const bool is_own = source.fetch_site.empty() || source.fetch_site == "same-origin" ||
                        (source.fetch_site == "none" && !source.is_unsafe);
    if (!is_foreign && is_own) return boost::system::in_place_value;
    const auto detail = "with a cookie, requests must come from pages of " + site.origin;
    return Error{Errc::forbidden, detail, {{"", "", "bad_origin", detail}}};
}

}  // namespace fanion::cp::identity
