#pragma once

// Gives bytes to a parser the way a socket would.

#include <algorithm>
#include <cstring>
#include <string_view>

namespace fanion::test {

// All of `bytes`, in as many reads as the parser's room asks for. The state after the last one, or
// the first that is final.
template <class Parser>
typename Parser::State feed(Parser& parser, std::string_view bytes) {
    do {
        const auto room = parser.prepare();
        const auto count = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), count);
        parser.commit(count);
        bytes.remove_prefix(count);
        const auto state = parser.parse();
        if (state != Parser::State::need_more) return state;
    } while (!bytes.empty());
    return Parser::State::need_more;
}

}  // namespace fanion::test
