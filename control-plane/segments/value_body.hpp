#pragma once

// Values as the body of a request, or as the parts of an upload.

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "control-plane/http/call.hpp"
#include "control-plane/segments/member_edit.hpp"
#include "control-plane/segments/value_file.hpp"

namespace fanion::cp::segments {

// The format of the body by its content type, text/csv or text/plain. Errors:
// unsupported_media_type.
Result<FileFormat> read_value_format(const http::Call& call);

// What stands in the parts of a file, which may be cut anywhere; parsed on the blocking pool.
// Errors: those of parse_csv().
using FileParts = std::shared_ptr<const std::vector<std::string>>;
boost::asio::awaitable<Result<ValueFile>> parse_values(http::Call& call, FileParts parts, FileFormat format,
                                                       const FileRequest& request);

}  // namespace fanion::cp::segments
