#include "common/signing/protocol.hpp"

#include <catch2/catch.hpp>

#include "common/base/crypto.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::signing;

TEST_CASE("frames are those of the document") {
    CHECK(to_hex(format_frame(FrameKind::key, std::string_view(&protocol_version, 1))) == "000000020101");
    CHECK(to_hex(format_frame(FrameKind::sign, "hi")) == "00000003026869");
    CHECK(to_hex(format_refusal(SignerRefusal::refused, "no")) == "0000000403026e6f");
}

TEST_CASE("frames are taken one after the other, however they arrive") {
    const auto sent = format_frame(FrameKind::sign, std::string(300, 'x')) + format_frame(FrameKind::key, "");
    for (std::size_t cut = 0; cut <= sent.size(); ++cut) {
        CAPTURE(cut);
        std::string buffer;
        std::vector<Frame> taken;
        for (const auto part : {std::string_view(sent).substr(0, cut), std::string_view(sent).substr(cut)}) {
            buffer += part;
            for (;;) {
                auto frame = take_frame(buffer);
                REQUIRE(frame);
                if (!*frame) break;
                taken.push_back(std::move(**frame));
            }
        }
        REQUIRE(taken.size() == 2);
        CHECK(taken[0].kind == FrameKind::sign);
        CHECK(taken[0].body == std::string(300, 'x'));
        CHECK(taken[1].kind == FrameKind::key);
        CHECK(buffer.empty());
    }
}

TEST_CASE("what is no frame is refused as soon as it can be seen") {
    for (const auto* hex : {"00000000", "00010001", "ffffffff", "0000000200", "0000000204", "00000002ff"}) {
        CAPTURE(hex);
        auto buffer = *from_hex(hex);
        CHECK(take_frame(buffer).error().code == Errc::invalid_input);
    }
    auto largest = format_frame(FrameKind::sign, std::string(largest_message, 'x'));
    REQUIRE(largest.size() == frame_head_bytes + largest_frame);
    CHECK(take_frame(largest).value()->body.size() == largest_message);
}

TEST_CASE("a refusal says whether the message or the signer is the reason") {
    const auto refused = read_refusal("\x02manifests only");
    CHECK(refused.code == Errc::forbidden);
    CHECK(refused.detail == "the signer says: manifests only");
    CHECK(read_refusal("\x03the token is away").code == Errc::unavailable);
    CHECK(read_refusal("").code == Errc::unavailable);
    CHECK(read_refusal("\x03").detail == "the signer says: no");
}
