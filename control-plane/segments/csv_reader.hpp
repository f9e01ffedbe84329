#pragma once

// Splits CSV (RFC 4180) into rows: cells separated by commas, quoted where they contain commas,
// quotes (doubled) or line ends. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fanion::cp::segments {

class CsvReader {
public:
    explicit CsvReader(std::string_view text) : text_(text) {}

    // Reads the next row into cells(); false at the end. Empty lines are no rows.
    bool next();

    const std::vector<std::string>& cells() const noexcept { return cells_; }
    std::size_t line() const noexcept { return line_; }  // of the row's beginning, from 1
    // What is wrong with the row, whose cells then are not to be used; empty: nothing.
    std::string_view fault() const noexcept { return fault_; }

private:
    bool is_at_line_end() const noexcept;
    void skip_line_end() noexcept;
    void read_row();
    std::string read_quoted();
    std::string read_plain();

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 0;
    std::size_t next_line_ = 1;
    std::vector<std::string> cells_;
    std::string_view fault_;
};

}  // namespace fanion::cp::segments
