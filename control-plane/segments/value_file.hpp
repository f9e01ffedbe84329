#pragma once

// A list of values as a file: a value per line, or CSV (RFC 4180). Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::segments {

enum class FileFormat { lines, csv };
std::string_view name_of(FileFormat format) noexcept;
std::optional<FileFormat> parse_file_format(std::string_view name) noexcept;

struct ValueFile {
    std::vector<std::string> values;     // each once, in the order of the file
    std::size_t repeated = 0;            // values that stood in it before
    std::optional<std::string> column;   // of CSV with a header: the name of the column
    std::vector<Finding> warnings = {};  // codes: empty_cell, surrounding_space
};

// Lines end with LF or CRLF; empty ones, and a byte order mark at the beginning, are ignored.
std::string_view without_byte_order_mark(std::string_view text) noexcept;
Result<ValueFile> parse_lines(std::string_view text);

// Fields are separated by commas. The first row is a header if one of its cells is `attribute`, in
// whatever case, or if `column` names a cell of it; that cell's column is taken. Without a header
// it is the first column.
//
// Errors of both: invalid_input, with a finding for each bad line, whose pointer is "line:17"; at
// most 50 findings. Codes: bad_character (not UTF-8, or a control character), too_long (more than
// limits::string_bytes), malformed (quotes), missing (the row has fewer cells), unknown_column,
// limit (more than limits::list_values values), empty.
Result<ValueFile> parse_csv(std::string_view text, std::string_view attribute, std::string_view column);

}  // namespace fanion::cp::segments
