#pragma once

// The dashboard's files, as the build packs them into one archive (dashboard.tar): each as it is,
// and beside it, as NAME.br and NAME.gz, compressed by those who packed it. Read once, at the
// start; immutable then, and shared by all threads.
//
//     index.html          the page of all addresses below /ui/; has one <base href="..">
//     assets/NAME         named by their content, so that they never change
//     csp-style-hashes    if there is one: a SHA-256 in base64 on each line, of a style that the
//                         page's libraries insert and that the Content-Security-Policy is to allow
//     anything else       at /ui/NAME

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/web/served_file.hpp"

namespace fanion::cp::web {

class Bundle {
public:
    static constexpr std::size_t most_bytes = 64 * 1024 * 1024;
    static constexpr std::size_t most_files = 4'096;

    // Errors: invalid_input, which names the entry: of read_tar(); a name that is no path of plain
    // characters, or that comes twice; a compressed form without its file, or a .gz that holds
    // something else; no index.html, or not one <base href="..">; a line that is no hash.
    static Result<Bundle> parse(std::string_view archive);
    // Reads the file and parses it; blocks. Errors also of read_regular_file(). All name the file.
    static Result<Bundle> open(const std::filesystem::path& file);

    // Null: no such file. Neither the index page nor the hashes are among the files.
    const ServedFile* find(std::string_view path) const;
    // The page, with `base` as the href of its base element. Compressed as packed where that is
    // what it has already, else anew.
    ServedFile index_page(std::string_view base) const;
    const std::vector<std::string>& style_hashes() const noexcept { return style_hashes_; }
    std::size_t files() const noexcept { return files_.size() + 1; }
    std::size_t bytes() const noexcept { return bytes_; }  // in memory, of all forms

private:
    Bundle() = default;
    Result<> add_form(const std::string& name, std::string_view coding, std::string_view bytes);
    Result<> take_special_files();

    std::map<std::string, ServedFile, std::less<>> files_;
    std::vector<ServedFile> index_;  // one
    std::vector<std::string> style_hashes_;
    std::size_t bytes_ = 0;
};

}  // namespace fanion::cp::web
