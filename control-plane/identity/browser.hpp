#pragma once

// What a session of a browser depends on: under which address browsers know this program, its
// cookie, and whether a request comes from a page of that address. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/net/origin.hpp"

namespace fanion::cp::identity {

struct BrowserSite {
    std::string origin;       // "https://flags.example.com", as browsers send it
    std::string cookie_name;  // "__Host-fanion"; below a path prefix "__Secure-fanion"
    std::string cookie_path;  // "/", "/prefix/"
};

// The option --public-url. Without it, only browsers of this machine can sign in.
class PublicUrl {
public:
    PublicUrl() = default;
    // "https://tools.example.com/fanion". Error: invalid_input.
    static Result<PublicUrl> parse(std::string_view url);

    // `host`: under which the request asks (net::Request::host). Error: forbidden, tls_required: a
    // cookie would cross the network unencrypted.
    Result<BrowserSite> site(std::string_view host) const;

private:
    std::optional<net::Origin> url_;
};

// The value of the site's cookie in a Cookie header; empty if there is none.
std::string_view cookie_value(std::string_view cookies, const BrowserSite& site) noexcept;
inline constexpr std::string_view session_seconds = "604800";  // the server ends it earlier when it is not used
// The value of Set-Cookie. Empty `value`: deletes the cookie.
std::string set_cookie_text(const BrowserSite& site, std::string_view value,
                            std::string_view seconds = session_seconds);

struct RequestSource {
    bool is_unsafe = false;       // its method changes something
    std::string_view origin;      // the header Origin
    std::string_view fetch_site;  // the header Sec-Fetch-Site
};
// Error: forbidden, bad_origin, unless the request comes from the site's own pages. Reads may also
// come without Origin, and from a person who typed the address.
Result<> check_source(const RequestSource& source, const BrowserSite& site);

}  // namespace fanion::cp::identity
