#include "control-plane/identity/registration.hpp"

#include "control-plane/identity/email.hpp"

namespace fanion::cp::identity {

bool Registration::admits(std::string_view email) const {
    if (!is_email(email)) return false;
    if (mode == Mode::open) return true;
    if (mode != Mode::domain) return false;
    const auto key = email_key(email);
    return std::string_view(key).substr(key.find('@') + 1) == domain;  // is_email: there is one @
}

Result<Registration> parse_registration(std::string_view text) {
    using Mode = Registration::Mode;
    constexpr std::string_view prefix = "domain:";
    if (text == "closed") return Registration{Mode::closed, ""};
    if (text == "invite") return Registration{Mode::invite, ""};
    if (text == "open") return Registration{Mode::open, ""};
    if (text.starts_with(prefix)) {
        auto domain = email_key(text.substr(prefix.size()));
        const bool is_domain = is_email("x@" + domain) && domain.find_first_of("/:, ") == std::string::npos;
        if (is_domain) return Registration{Mode::domain, std::move(domain)};
    }
    return Error{Errc::invalid_input, "must be closed, invite, domain:DOMAIN (as domain:example.com) or open", {}};
}

}  // namespace fanion::cp::identity
