#pragma once

// Who may get an account: the operator's option --registration. Pure.
//
// Nothing in this program proves that an e-mail address belongs to whoever gives it. So an account
// that a person made themselves belongs to no organisation and can do nothing; memberships come by
// one-time tokens that somebody who knows the person hands out (ADR 24).

#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::cp::identity {

struct Registration {
    enum class Mode {
        closed,  // nobody: invitations are for those who have an account, but for the operator's
        invite,  // those who are invited
        domain,  // those too, and whoever has an address of `domain`
        open,    // anybody
    };
    Mode mode = Mode::invite;
    std::string domain;  // ASCII letters in lower case

    bool is_offered() const noexcept { return mode == Mode::domain || mode == Mode::open; }
    // Whether a person with this address may register themselves.
    bool admits(std::string_view email) const;
    // Whether an invitation makes an account for an address that has none.
    bool admits_invited(bool is_from_operator) const noexcept { return is_from_operator || mode != Mode::closed; }

    friend bool operator==(const Registration&, const Registration&) = default;
};

// "closed", "invite", "domain:example.com" or "open". Error: invalid_input.
Result<Registration> parse_registration(std::string_view text);

}  // namespace fanion::cp::identity
