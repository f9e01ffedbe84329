#pragma once

// The query of a list whose items have numbers and are shown newest first: `limit`, `cursor` and
// `state`.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/text.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::http {

struct NumberedPage {
    Page page;
    std::uint64_t before = 0;  // 0: from the newest
    std::string state;         // empty: any
};

// `is_state` knows the names of states, which `states` lists for people. Errors: invalid_input.
inline Result<NumberedPage> read_numbered_page(Call& call, bool (*is_state)(std::string_view) noexcept,
                                               std::string_view states) {
    const auto refused = [](std::string pointer, std::string code, std::string detail) {
        return Error{Errc::invalid_input, detail, {{"", std::move(pointer), std::move(code), detail}}};
    };
    auto page = read_page(call);
    if (!page) return page.error();
    NumberedPage found{std::move(*page), 0, call.request.query("state").value_or("")};
    if (!found.page.after.empty()) {
        const auto before = parse_u64(found.page.after);
        constexpr std::uint64_t most = 1ULL << 62;  // what the database can hold
        if (!before || *before > most)
            return refused("?cursor", "bad_cursor", "cursor must be the `next` of a page of this list");
        found.before = *before;
    }
    if (!found.state.empty() && !is_state(found.state))
        return refused("?state", "unknown_state", "a state is " + std::string(states));
    return found;
}

}  // namespace fanion::cp::http
