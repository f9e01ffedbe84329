#include "control-plane/segments/value_body.hpp"

#include <utility>

#include "common/net/media_type.hpp"

namespace fanion::cp::segments {
namespace {

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text += part;
    return text;
}

}  // namespace

Result<FileFormat> read_value_format(const http::Call& call) {
    const auto type = call.request.header("Content-Type");
    if (!net::is_identity(call.request.header("Content-Encoding")))
        return http::unsupported_media("Content-Encoding",
                                       "the body must be sent as it is, without a Content-Encoding");
    if (net::has_media_type(type, "text/csv")) return FileFormat::csv;
    if (net::has_media_type(type, "text/plain")) return FileFormat::lines;
    return http::unsupported_media("Content-Type", "the body must be text/csv, or text/plain with a value per line");
}

boost::asio::awaitable<Result<ValueFile>> parse_values(http::Call& call, FileParts parts, FileFormat format,
                                                       const FileRequest& request) {
    auto work = [parts, format, attribute = request.list.attribute, column = request.column] {
        const auto text = joined(*parts);
        return format == FileFormat::csv ? parse_csv(text, attribute, column) : parse_lines(text);
    };
    co_return co_await call.services.blocking.compute(std::move(work));
}

}  // namespace fanion::cp::segments
