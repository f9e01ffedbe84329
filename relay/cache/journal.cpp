#include "relay/cache/journal.hpp"

#include <algorithm>
#include <unordered_map>

#include "common/base/crc32c.hpp"
#include "common/base/text.hpp"
#include "relay/cache/floor.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::string_view any_start = "fanion-";
constexpr std::string_view delta_start = "fanion-delta 1 ";
constexpr std::string_view floor_start = "fanion-floor 1 ";

std::string hex(std::uint32_t number) {
    std::string text(8, '0');
    for (std::size_t i = 0; i < text.size(); ++i) text[7 - i] = "0123456789abcdef"[number >> (4 * i) & 15];
    return text;
}

// The first line up to its checksum.
std::string summed_words(const JournalRecord& record) {
    return std::string(delta_start) + wire::to_string(record.base) + ' ' + wire::to_string(record.floor.version) + ' ' +
           to_hex(record.floor.root) + ' ' + std::to_string(record.head.size()) + ' ' +
           std::to_string(record.lines.size()) + ' ';
}

std::uint32_t sum_of(std::string_view words, std::string_view head, std::string_view lines) {
    return crc32c(lines, crc32c(head, crc32c(words)));
}

std::string_view take_line(std::string_view text) {
    const auto end = text.find('\n');
    return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

bool ends_a_line(std::string_view text) { return text.empty() || text.ends_with('\n'); }

// Of the record at the start of `text`, without the floor's line; 0: none is intact there.
std::size_t read_delta(std::string_view text, JournalRecord& record) {
    const auto line = take_line(text);
    const auto words = split(line.substr(0, line.empty() ? 0 : line.size() - 1), ' ');
    if (words.size() != 8) return 0;
    const auto base = wire::parse_version(words[2]);
    const auto version = wire::parse_version(words[3]);
    const auto root = sha256_from_hex(words[4]);
    const auto head_size = parse_u64(words[5]);
    const auto lines_size = parse_u64(words[6]);
    if (!base || !version || !root || !head_size || !lines_size || *version <= *base) return 0;
    const auto left = text.size() - line.size();
    if (*head_size > left || *lines_size > left - *head_size) return 0;
    record = {*base,
              {*version, *root},
              std::string(text.substr(line.size(), *head_size)),
              std::string(text.substr(line.size() + *head_size, *lines_size))};
    const auto words_end = summed_words(record);  // a number may be written in one way only
    if (!ends_a_line(record.head) || !ends_a_line(record.lines) || !line.starts_with(words_end)) return 0;
    if (words[7] != hex(sum_of(words_end, record.head, record.lines))) return 0;
    return line.size() + record.head.size() + record.lines.size();
}

// To where something may begin again, or to the end. The LF before it may be what is damaged.
std::size_t length_to_next(std::string_view text) { return std::min(text.find(any_start, 1), text.size()); }

void raise_floor(Journal& journal, const wire::Floor& floor) { journal.floor = raised(journal.floor, floor); }

std::size_t read_next(std::string_view text, Journal& journal) {
    if (text.starts_with(delta_start)) {
        JournalRecord record;
        const auto length = read_delta(text, record);
        if (length == 0) return 0;
        raise_floor(journal, record.floor);
        journal.records.push_back(std::move(record));
        return length;
    }
    if (!text.starts_with(floor_start)) return 0;
    const auto line = take_line(text);
    const auto floor = parse_floor(line);
    if (!floor) return 0;
    raise_floor(journal, *floor);
    return line.size();
}

struct ChangedLine {
    std::string_view text;  // with its LF
    bool is_removed = false;
    bool is_written = false;
};
using ChangedLines = std::unordered_map<std::string_view, ChangedLine>;

std::string_view key_of(std::string_view line) { return line.substr(0, line.find('\t')); }

bool is_tombstone(std::string_view line) { return line.ends_with("\t\n") && line.find('\t') == line.size() - 2; }

// Calls use(line) for each line, with its LF if it has one.
template <class Use>
void for_each_line(std::string_view text, const Use& use) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = end == std::string_view::npos ? text : text.substr(0, end + 1);
        use(line);
        text.remove_prefix(line.size());
    }
}

std::string_view items_in(std::string_view snapshot) {
    for (int i = 0; i < 2; ++i) snapshot.remove_prefix(take_line(snapshot).size());
    return snapshot;
}

}  // namespace

bool operator==(const JournalRecord& a, const JournalRecord& b) {
    return a.base == b.base && a.floor.version == b.floor.version && a.floor.root == b.floor.root && a.head == b.head &&
           a.lines == b.lines;
}

void append_record(std::string& out, const JournalRecord& record) {
    const auto words = summed_words(record);
    out += words;
    out += hex(sum_of(words, record.head, record.lines));
    out += '\n';
    out += record.head;
    out += record.lines;
    out += format_floor(record.floor);
}

Journal parse_journal(std::string_view bytes) {
    Journal journal;
    while (!bytes.empty()) {
        auto length = read_next(bytes, journal);
        if (length == 0) {
            length = length_to_next(bytes);
            journal.skipped += length;
        }
        bytes.remove_prefix(length);
    }
    return journal;
}

std::string replay(std::string_view snapshot, const std::vector<const JournalRecord*>& records) {
    if (records.empty()) return std::string(snapshot);
    std::string bytes = records.back()->head;
    ChangedLines changed;
    std::size_t size = bytes.size() + snapshot.size();
    for (const auto* record : records) {
        size += record->lines.size();
        for_each_line(record->lines, [&](std::string_view line) {
            changed[key_of(line)] = {line, is_tombstone(line), false};
        });
    }
    bytes.reserve(size);
    const auto write = [&bytes](ChangedLine& line) {
        if (!line.is_removed) bytes += line.text;
        line.is_written = true;
    };
    for_each_line(items_in(snapshot), [&](std::string_view line) {
        const auto at = changed.find(key_of(line));
        if (at == changed.end()) {
            bytes += line;
        } else {
            write(at->second);
        }
    });
    for (auto& [key, line] : changed) {
        if (!line.is_written) write(line);
    }
    return bytes;
}

}  // namespace fanion::relay::cache
