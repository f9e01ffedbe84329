#pragma once

// The disk of a simulated machine: files below its directory, which is one below `root`, exist in
// memory only. disk_calls.cpp gives them to the program under test through the C library's
// functions. One thread.
//
// What a power cut keeps: of a file its content at the last sync, or any mixture of that with what
// was written since; of a directory its names at its last sync, and any of the changes since. A
// sync of a new file keeps its name too, as ext4, XFS and btrfs do.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fanion::test {

class Disk {
public:
    static constexpr std::string_view root = "/simulated/";

    using Pages = std::map<std::size_t, std::string>;  // of a mapping, those that were touched, by their offset
    struct File {
        std::string bytes;
        std::string synced;
        char* mapped = nullptr;  // the content is here instead, once it was reserved for a mapping
        std::size_t mapped_bytes = 0;
        Pages synced_pages;
        bool is_directory = false;
        bool is_linked = true;
        ~File();
        std::size_t size() const { return mapped ? mapped_bytes : bytes.size(); }
        Pages pages() const;
        void replace(const Pages& pages);
    };
    using FilePtr = std::shared_ptr<File>;
    using Names = std::map<std::string, FilePtr, std::less<>>;

    enum class Trouble {
        none,
        full,     // what needs space fails, also in the middle of a write
        failing,  // half of all changes fail
    };
    enum class End { kill, power_cut };

    // `directory`: "/simulated/<name>".
    Disk(std::mt19937_64& random, std::string directory, bool loses_power);
    ~Disk();
    Disk(const Disk&) = delete;
    const std::string& directory() const noexcept { return directory_; }
    bool loses_power() const noexcept { return loses_power_; }

    void set_trouble(Trouble trouble) { trouble_ = trouble; }
    // The process ends in the middle of the change after `changes` others.
    void end_after(std::uint64_t changes) { left_ = changes + 1; }
    void forget_end() { left_ = 0; }
    // From now on nothing is changed: the process has ended, and does not know it yet.
    void freeze();
    void on_end(std::function<void()> listener) { on_end_ = std::move(listener); }  // called by freeze()
    bool is_frozen() const { return frozen_; }
    // What the next process finds.
    void restart(End end);

    // Grows with each change.
    std::uint64_t changes() const noexcept { return changes_; }

    // What is below `path`, and the same again later: files that somebody has copied from an older
    // disk. Directories stay.
    using Copy = std::map<std::string, std::string>;
    Copy copy(const std::string& path) const;
    void put_back(const std::string& path, const Copy& copy);

    // The content of a file; `durable`: what a power cut keeps for certain. Empty: there is none.
    std::optional<std::string> read(std::string_view path, bool durable) const;

    // For disk_calls.cpp. Functions that return int return 0 or an errno.
    FilePtr find(std::string_view path) const;
    int create(const std::string& path, bool is_directory, FilePtr& made);
    int write(File& file, std::uint64_t offset, std::string_view bytes, std::size_t& written);
    int resize(File& file, std::uint64_t size, bool reserve);
    int rename(const std::string& from, const std::string& to);
    int remove(const std::string& path, bool is_directory);
    int sync(const FilePtr& file);
    std::vector<std::pair<std::string, bool>> list(const std::string& directory) const;

private:
    int change(bool needs_space);
    bool chance(unsigned percent) { return random_() % 100 < percent; }
    std::string after_power_cut(const File& file);
    Pages pages_after_power_cut(const File& file);

    std::mt19937_64& random_;
    const std::string directory_;
    const bool loses_power_;
    std::uint64_t changes_ = 0;
    std::map<std::string, std::string> first_floors_;  // for a planted fault
    Trouble trouble_ = Trouble::none;
    Names names_;
    Names durable_;  // kept only if power is ever lost
    std::uint64_t left_ = 0;
    bool tearing_ = false;  // this change is the one that the end of the process interrupts
    bool frozen_ = false;
    std::function<void()> on_end_;
    std::vector<std::pair<FilePtr, Pages>> mapped_then_;  // the content of mappings when it was frozen
};

// The disks that the C library's functions act upon. What is not on one of them below Disk::root
// does not exist.
void insert_disk(Disk& disk);
void remove_disk(Disk& disk);

}  // namespace fanion::test
