#include "control-plane/segments/csv_reader.hpp"

#include <algorithm>

namespace fanion::cp::segments {

bool CsvReader::is_at_line_end() const noexcept {
    return at_ >= text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
}

void CsvReader::skip_line_end() noexcept {
    if (at_ >= text_.size()) return;
    at_ += text_[at_] == '\r' ? 2 : 1;
    ++next_line_;
}

bool CsvReader::next() {
    while (at_ < text_.size() && is_at_line_end()) skip_line_end();
    if (at_ >= text_.size()) return false;
    line_ = next_line_;
    fault_ = {};
    cells_.clear();
    read_row();
    skip_line_end();
    return true;
}

void CsvReader::read_row() {
    while (true) {
        const bool is_quoted = at_ < text_.size() && text_[at_] == '"';
        cells_.push_back(is_quoted ? read_quoted() : read_plain());
        if (is_at_line_end()) return;
        if (text_[at_] == ',') {
            ++at_;
            continue;
        }
        fault_ = "text follows the quote that ends a cell";
        at_ = std::min(text_.find('\n', at_), text_.size());
        return;
    }
}

std::string CsvReader::read_quoted() {
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
        if (text_[at_] == '\n') ++next_line_;
        if (text_[at_] != '"') {
            cell += text_[at_];
        } else if (text_.substr(at_, 2) == "\"\"") {
            cell += text_[at_++];
        } else {
            ++at_;
            return cell;
        }
    }
    fault_ = "the quote is not closed";
    return cell;
}

std::string CsvReader::read_plain() {
    const auto begin = at_;
    while (!is_at_line_end() && text_[at_] != ',') {
        if (text_[at_] == '"') fault_ = "a cell with a quote must be quoted as a whole";
        ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
}

}  // namespace fanion::cp::segments
