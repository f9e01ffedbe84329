#include "control-plane/web/bundle.hpp"

#include <algorithm>
#include <optional>

#include "common/base/compression.hpp"
#include "common/base/crypto.hpp"
#include "common/base/file.hpp"
#include "common/base/text.hpp"
#include "control-plane/web/media_types.hpp"
#include "control-plane/web/tar.hpp"

namespace fanion::cp::web {
namespace {

constexpr std::string_view index_name = "index.html";
constexpr std::string_view hashes_name = "csp-style-hashes";
constexpr std::string_view base_mark = "<base href=\"";

struct Suffix {
    std::string_view text;
    std::string_view coding;
};
// In the order of preference.
constexpr Suffix suffixes[] = {{".br", "br"}, {".gz", "gzip"}};

Error refused(std::string_view name, std::string_view what) {
    return {Errc::invalid_input, std::string(name) + ": " + std::string(what), {}};
}

bool is_path_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_' || c == '.' ||
           c == '/';
}

// A request's path is compared as it was sent, so no name may need an escape or a resolution.
bool is_plain_path(std::string_view name) {
    if (!std::ranges::all_of(name, is_path_character)) return false;
    return std::ranges::none_of(split(name, '/'),
                                [](auto part) { return part.empty() || part == "." || part == ".."; });
}

// Where the base's href is in the page; nullopt unless there is one.
struct Span {
    std::size_t at;
    std::size_t length;
};
std::optional<Span> find_base(std::string_view page) noexcept {
    const auto mark = page.find(base_mark);
    if (mark == std::string_view::npos) return std::nullopt;
    const auto begin = mark + base_mark.size();
    const auto end = page.find('"', begin);
    if (end == std::string_view::npos || page.find(base_mark, end) != std::string_view::npos) return std::nullopt;
    return Span{begin, end - begin};
}

std::string as_attribute(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '<':
                out += "&lt;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

bool is_sha256(std::string_view text) {
    const auto hash = from_base64(text);
    return hash && hash->size() == sizeof(Sha256);
}

Result<std::vector<std::string>> read_hashes(std::string_view text) {
    std::vector<std::string> hashes;
    for (const auto line : split(text, '\n')) {
        if (trim(line).empty()) continue;
        if (!is_sha256(trim(line))) return refused(hashes_name, "a line is not a SHA-256 in base64");
        hashes.emplace_back(trim(line));
    }
    return hashes;
}

// "./" is what tar itself puts in front of what it finds.
std::string path_of(const TarFile& file) { return file.name.substr(file.name.starts_with("./") ? 2 : 0); }

std::size_t room_of(const ServedFile& file) {
    return file.bytes().size() + file.bytes_in("br").size() + file.bytes_in("gzip").size();
}

}  // namespace

Result<> Bundle::add_form(const std::string& name, std::string_view coding, std::string_view bytes) {
    const auto found = files_.find(name);
    if (found == files_.end()) return refused(name, "is there only compressed");
    auto& file = found->second;
    if (coding == "gzip") {
        const auto plain = decompress(Encoding::gzip, bytes, file.bytes().size());
        if (!plain || *plain != file.bytes()) return refused(name, "its .gz holds something else");
    }
    file.add(coding, std::string(bytes));
    return {};
}

Result<> Bundle::take_special_files() {
    const auto index = files_.find(index_name);
    if (index == files_.end()) return Error{Errc::invalid_input, "there is no index.html", {}};
    if (!find_base(index->second.bytes())) return refused(index_name, "has not one <base href=\"..\">");
    index_.push_back(std::move(index->second));
    files_.erase(index);
    const auto hashes = files_.find(hashes_name);
    if (hashes == files_.end()) return {};
    auto read = read_hashes(hashes->second.bytes());
    if (!read) return read.error();
    style_hashes_ = std::move(*read);
    files_.erase(hashes);
    return {};
}

Result<Bundle> Bundle::parse(std::string_view archive) {
    const auto packed = read_tar(archive);
    if (!packed) return packed.error();
    if (packed->size() > most_files) return Error{Errc::invalid_input, "has more than 4096 files", {}};
    Bundle bundle;
    std::map<std::string, std::string_view, std::less<>> forms;
    for (const auto& file : *packed) {
        auto name = path_of(file);
        if (!is_plain_path(name)) return refused(shortened(name, 120), "is not a plain path");
        const bool is_form =
            std::ranges::any_of(suffixes, [&](const auto& suffix) { return name.ends_with(suffix.text); });
        const bool is_new = is_form
                                ? forms.emplace(name, file.bytes).second
                                : bundle.files_.try_emplace(name, media_type_of(name), std::string(file.bytes)).second;
        if (!is_new) return refused(name, "is there twice");
    }
    for (const auto& [suffix, coding] : suffixes) {
        for (const auto& [name, bytes] : forms) {
            if (!name.ends_with(suffix)) continue;
            const auto plain = name.substr(0, name.size() - suffix.size());
            if (auto added = bundle.add_form(plain, coding, bytes); !added) return added.error();
        }
    }
    if (auto taken = bundle.take_special_files(); !taken) return taken.error();
    for (const auto& [name, file] : bundle.files_) bundle.bytes_ += room_of(file);
    bundle.bytes_ += room_of(bundle.index_.front());
    return bundle;
}

Result<Bundle> Bundle::open(const std::filesystem::path& file) {
    const auto bytes = read_regular_file(file.string(), most_bytes);
    if (!bytes) return bytes.error();
    auto bundle = parse(*bytes);
    if (!bundle) return Error{bundle.error().code, file.string() + ": " + bundle.error().detail, {}};
    return bundle;
}

const ServedFile* Bundle::find(std::string_view path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? nullptr : &found->second;
}

ServedFile Bundle::index_page(std::string_view base) const {
    const auto& packed = index_.front();
    const auto place = find_base(packed.bytes()).value_or(Span{0, 0});
    auto page = packed.bytes();
    page.replace(place.at, place.length, as_attribute(base));
    if (page == packed.bytes()) return packed;
    ServedFile made(packed.content_type(), std::move(page));
    made.compress();
    return made;
}

}  // namespace fanion::cp::web
