#pragma once

// A program's options, each described once: its name, where its value goes and which values there may be, what holds
// without it, what it means. The command line, the environment, the file and --help follow from this table, and
// docs/configuration.md is compared with it.
//
//     Options options;
//     options.group("Serving");
//     options.add("listen", "where applications ask").endpoint(config.listen);
//     options.add("threads", "serving threads").number(config.threads, 1, 1024).otherwise("one per processor");
//
// What an option is bound to must outlive the table's use, and holds the default before.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/log.hpp"
#include "common/config/endpoint.hpp"

namespace fanion::config {

class Option {
public:
    enum class Kind { value, list, flag };
    // Takes a value, of a list one at a time. Returns what is wrong with it, empty when it was taken.
    using Reader = std::function<std::string(const std::string& text)>;

    Option(std::string name, std::string group, std::string meaning)
        : name_(std::move(name)), group_(std::move(group)), meaning_(std::move(meaning)) {}

    static constexpr std::uint64_t week = 7ull * 24 * 3'600 * 1'000;  // milliseconds

    // Which values: one of these.
    Option& text(std::string& out);
    Option& path(std::filesystem::path& out);
    Option& list(std::vector<std::string>& out);  // repeated, or by comma
    Option& flag(bool& out);
    Option& endpoint(Endpoint& out);
    Option& level(LogLevel& out);
    // Milliseconds.
    Option& duration(std::chrono::milliseconds& out, std::uint64_t low, std::uint64_t high = week);
    Option& duration(std::optional<std::chrono::milliseconds>& out, std::uint64_t low, std::uint64_t high = week);
    template <class T>
    Option& number(T& out, std::uint64_t low, std::uint64_t high) {
        if (out != T()) otherwise(std::to_string(out));
        return read([&out, low, high](const std::string& given) {
            std::uint64_t value = 0;
            auto wrong = read_number(given, low, high, value);
            if (wrong.empty()) out = static_cast<T>(value);
            return wrong;
        });
    }
    Option& read(Reader reader);

    // What holds where nothing is given, for people; the readers above tell it of what they are bound to.
    Option& otherwise(std::string what);
    // A further name in the environment, which gives way to FANION_<NAME>.
    Option& also(std::string variable);
    // A running program takes a new value at SIGHUP.
    Option& reread();

    const std::string& name() const noexcept { return name_; }
    const std::string& group() const noexcept { return group_; }
    const std::string& fallback() const noexcept { return fallback_; }
    const std::string& also() const noexcept { return also_; }
    Kind kind() const noexcept { return kind_; }
    bool is_reread() const noexcept { return is_reread_; }
    std::string meaning() const;      // with what is to be said of SIGHUP
    std::string help() const;         // meaning and fallback
    std::string environment() const;  // FANION_<NAME IN CAPITALS>

    // Puts the value where it goes. What is wrong with it, else empty.
    std::string take(const std::string& value) const { return value.empty() ? std::string() : reader_(value); }

    // "" and `out`, or what is wrong with `text`.
    static std::string read_number(const std::string& text, std::uint64_t low, std::uint64_t high, std::uint64_t& out);

private:
    std::string name_, group_, meaning_, fallback_, also_;
    Kind kind_ = Kind::value;
    bool is_reread_ = false;
    Reader reader_;
};

class Options {
public:
    void group(std::string title) { group_ = std::move(title); }  // of the options that follow
    // Valid until the next one is added.
    Option& add(std::string name, std::string meaning) {
        return all_.emplace_back(std::move(name), group_, std::move(meaning));
    }
    const std::vector<Option>& all() const& noexcept { return all_; }
    void all() && = delete;  // of a table that is gone

private:
    std::string group_;
    std::vector<Option> all_;
};

}  // namespace fanion::config
