#include "control-plane/segments/value_file.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "common/base/text.hpp"
#include "common/json/limits.hpp"
#include "control-plane/segments/csv_reader.hpp"

namespace fanion::cp::segments {
namespace {

constexpr std::size_t most_findings = 50;

bool is_space(char c) noexcept { return c == ' ' || c == '\t'; }
bool is_control(char c) noexcept { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

std::string place_of_line(std::size_t line) { return "line:" + std::to_string(line); }

// How often something was seen, and where first.
struct Occurrences {
    std::size_t count = 0;
    std::size_t first_line = 0;

    void add(std::size_t line) {
        if (count++ == 0) first_line = line;
    }
};

// Collects the values of a file, and what is wrong with it.
class Collector {
public:
    Collector() { file_.values.reserve(limits::list_values); }  // so that views of them stay valid

    void take(std::string_view value, std::size_t line) {
        if (!is_acceptable(value, line) || is_done()) return;
        if (is_space(value.front()) || is_space(value.back())) spaced_.add(line);
        if (seen_.contains(value)) {
            ++file_.repeated;
            return;
        }
        if (file_.values.size() == limits::list_values) {
            fail(line, "limit", "a list has at most " + std::to_string(limits::list_values) + " values");
            is_full_ = true;
            return;
        }
        seen_.insert(file_.values.emplace_back(value));
    }
    void skip_empty(std::size_t line) { empty_.add(line); }
    void fail(std::size_t line, std::string code, std::string detail) {
        if (findings_.size() < most_findings)
            findings_.push_back({"", place_of_line(line), std::move(code), std::move(detail)});
    }
    void set_column(std::string name) { file_.column = std::move(name); }
    // Nothing that follows would be told any more.
    bool is_done() const noexcept { return is_full_ || findings_.size() == most_findings; }

    Result<ValueFile> finish() && {
        if (findings_.empty() && file_.values.empty()) findings_.push_back({"", "", "empty", "the file has no values"});
        if (!findings_.empty())
            return Error{Errc::invalid_input, "some lines of the file cannot be taken; nothing was changed",
                         std::move(findings_)};
        warn(empty_, "empty_cell", "this row has no value in this column",
             " rows have no value in this column; the first is this one");
        warn(spaced_, "surrounding_space", "this value begins or ends with white space",
             " values begin or end with white space; the first is this one");
        return std::move(file_);
    }

private:
    bool is_acceptable(std::string_view value, std::size_t line) {
        if (value.size() > limits::string_bytes) {
            fail(line, "too_long", "a value has at most " + std::to_string(limits::string_bytes) + " bytes");
        } else if (!is_valid_utf8(value)) {
            fail(line, "bad_character", "this is not UTF-8");
        } else if (std::any_of(value.begin(), value.end(), is_control)) {
            fail(line, "bad_character", "the value has a control character");
        } else {
            return true;
        }
        return false;
    }
    void warn(const Occurrences& seen, std::string code, std::string_view of_one, std::string_view of_many) {
        if (seen.count == 0) return;
        auto detail = seen.count == 1 ? std::string(of_one) : std::to_string(seen.count) + std::string(of_many);
        file_.warnings.push_back({"", place_of_line(seen.first_line), std::move(code), std::move(detail)});
    }

    ValueFile file_;
    std::vector<Finding> findings_;
    std::unordered_set<std::string_view> seen_;
    Occurrences empty_;
    Occurrences spaced_;
    bool is_full_ = false;
};

// The column of the first row that `name` names.
std::optional<std::size_t> find_column(const std::vector<std::string>& cells, std::string_view name) {
    const auto wanted = to_lower_ascii(name);
    const auto found = std::find_if(cells.begin(), cells.end(),
                                    [&](const std::string& cell) { return to_lower_ascii(cell) == wanted; });
    if (found == cells.end()) return std::nullopt;
    return static_cast<std::size_t>(found - cells.begin());
}

void take_cell(const CsvReader& csv, std::size_t column, Collector& out) {
    if (!csv.fault().empty()) return out.fail(csv.line(), "malformed", std::string(csv.fault()));
    if (column >= csv.cells().size())
        return out.fail(csv.line(), "missing",
                        "the row has " + std::to_string(csv.cells().size()) + " cells; the value would be in cell " +
                            std::to_string(column + 1));
    const auto& cell = csv.cells()[column];
    if (cell.empty()) return out.skip_empty(csv.line());
    out.take(cell, csv.line());
}

}  // namespace

std::string_view name_of(FileFormat format) noexcept { return format == FileFormat::csv ? "csv" : "lines"; }

std::optional<FileFormat> parse_file_format(std::string_view name) noexcept {
    if (name == "csv") return FileFormat::csv;
    if (name == "lines") return FileFormat::lines;
    return std::nullopt;
}

std::string_view without_byte_order_mark(std::string_view text) noexcept {
    return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

Result<ValueFile> parse_lines(std::string_view text) {
    text = without_byte_order_mark(text);
    Collector out;
    std::size_t line = 0;
    while (!text.empty() && !out.is_done()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto value = text.substr(0, end);
        if (value.ends_with('\r')) value.remove_suffix(1);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++line;
        if (!value.empty()) out.take(value, line);
    }
    return std::move(out).finish();
}

Result<ValueFile> parse_csv(std::string_view text, std::string_view attribute, std::string_view column) {
    CsvReader csv(without_byte_order_mark(text));
    Collector out;
    if (!csv.next()) return std::move(out).finish();
    const auto named = csv.fault().empty() ? find_column(csv.cells(), column.empty() ? attribute : column)
                                           : std::optional<std::size_t>();
    if (!named && !column.empty()) {
        out.fail(csv.line(), "unknown_column", "the first row has no cell `" + std::string(column) + "`");
        return std::move(out).finish();
    }
    if (named) {
        out.set_column(csv.cells()[*named]);
    } else {
        take_cell(csv, 0, out);
    }
    while (!out.is_done() && csv.next()) take_cell(csv, named.value_or(0), out);
    return std::move(out).finish();
}

}  // namespace fanion::cp::segments
