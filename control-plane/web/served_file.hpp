#pragma once

// A file that the control plane serves: the same bytes for everybody, in the codings that there are
// of them. Immutable; shared by all threads.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/request.hpp"
#include "common/net/response.hpp"

namespace fanion::cp::web {

class ServedFile {
public:
    // Without any coding. `content_type`: a literal.
    ServedFile(std::string_view content_type, std::string bytes);

    // Adds the same content in a coding: "br", "zstd" or "gzip", in the order of preference.
    void add(std::string_view coding, std::string bytes);
    // Adds it in zstd and gzip, where that is smaller.
    void compress();

    std::string_view content_type() const noexcept { return content_type_; }
    const std::string& bytes() const noexcept { return *plain_.bytes; }
    // Empty: not in that coding.
    std::string_view bytes_in(std::string_view coding) const noexcept;

    // Fills the response in the coding that the request prefers, with an entity tag of its own and
    // Vary; 304 where the client has it. The status and the other headers stay as they are.
    void respond(const net::Request& request, net::Response& response) const;

private:
    struct Form {
        std::string_view coding;  // a literal; empty: none
        std::shared_ptr<const std::string> bytes;
        std::string tag;
    };
    static Form make_form(std::string_view coding, std::string bytes);
    const Form& choose(const net::Request& request) const noexcept;

    std::string_view content_type_;
    Form plain_;
    std::vector<Form> coded_;
    std::vector<std::string_view> codings_;  // of coded_
};

}  // namespace fanion::cp::web
