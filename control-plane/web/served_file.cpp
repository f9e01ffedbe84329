#include "control-plane/web/served_file.hpp"

#include <algorithm>

#include "common/base/compression.hpp"
#include "common/base/crypto.hpp"
#include "common/net/conditional.hpp"
#include "common/net/content_coding.hpp"

namespace fanion::cp::web {

ServedFile::ServedFile(std::string_view content_type, std::string bytes)
    : content_type_(content_type), plain_(make_form({}, std::move(bytes))) {}

ServedFile::Form ServedFile::make_form(std::string_view coding, std::string bytes) {
    auto tag = '"' + to_hex(sha256(bytes)).substr(0, 32) + '"';
    return {coding, std::make_shared<const std::string>(std::move(bytes)), std::move(tag)};
}

void ServedFile::add(std::string_view coding, std::string bytes) {
    coded_.push_back(make_form(coding, std::move(bytes)));
    codings_.push_back(coding);
}

void ServedFile::compress() {
    for (const auto encoding : {Encoding::zstd, Encoding::gzip}) {
        auto coded = fanion::compress(encoding, bytes());
        if (coded.size() < bytes().size()) add(name_of(encoding), std::move(coded));
    }
}

std::string_view ServedFile::bytes_in(std::string_view coding) const noexcept {
    const auto found = std::ranges::find(coded_, coding, &Form::coding);
    return found == coded_.end() ? std::string_view() : std::string_view(*found->bytes);
}

const ServedFile::Form& ServedFile::choose(const net::Request& request) const noexcept {
    const auto coding = net::choose_coding(request.header("Accept-Encoding"), codings_);
    const auto found = std::ranges::find(coded_, coding, &Form::coding);
    return found == coded_.end() ? plain_ : *found;
}

void ServedFile::respond(const net::Request& request, net::Response& response) const {
    const auto& form = choose(request);
    if (net::has_current(request, form.tag)) {
        response.status = 304;
        response.content_type = {};
    } else {
        response.content_type = content_type_;
        response.shared_body = form.bytes;
        if (!form.coding.empty()) response.set("Content-Encoding", std::string(form.coding));
    }
    response.set("ETag", form.tag);
    if (!coded_.empty()) response.set("Vary", "Accept-Encoding");
}

}  // namespace fanion::cp::web
