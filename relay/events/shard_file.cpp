#include "relay/events/shard_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "common/base/bytes.hpp"
#include "common/base/crc32c.hpp"
#include "common/base/file.hpp"
#include "relay/events/labels.hpp"

namespace fanion::relay::events {

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && sizeof(ShardFile::Slot) == 32);

struct ShardFile::Header {
    char magic[8];
    std::uint32_t slots;
    std::uint32_t label_bytes;
    std::uint32_t crc;  // of the members above
    std::atomic<std::uint32_t> used;
};

namespace {

constexpr std::string_view magic = "FANCNT1\n";
constexpr std::size_t header_bytes = 4096;
constexpr std::uint32_t crc_bytes = 4;  // before each slot's labels

std::size_t total_bytes(ShardSize size) {
    return header_bytes + std::size_t{size.slots} * sizeof(ShardFile::Slot) + size.label_bytes;
}

// No CRC covers the numbers: the kernel may write a page at any moment between two of them.
bool is_plausible(const ShardFile::Slot& slot) noexcept {
    constexpr std::uint64_t most = std::uint64_t{1} << 48;  // centuries of a busy relay
    const auto total = slot.total.load(std::memory_order_relaxed);
    const auto mark = slot.mark.load(std::memory_order_relaxed);
    return mark <= total && total < most;
}

std::uint64_t unsealed_of(const ShardFile::Slot& slot) noexcept {
    if (!is_plausible(slot)) return 0;
    return slot.total.load(std::memory_order_relaxed) - slot.mark.load(std::memory_order_relaxed);
}

// A slot of `file`, which is made when it is needed; null when it does not fit.
std::atomic<std::uint64_t>* add_to(std::shared_ptr<ShardFile>& file, std::string_view labels, ShardSize size) {
    if (!file) file = ShardFile::in_memory(size);
    return file->add_slot(labels);
}

}  // namespace

ShardFile::ShardFile(std::string path, void* memory, std::size_t bytes)
    : path_(std::move(path)), header_(static_cast<Header*>(memory)), bytes_(bytes) {}

ShardFile::~ShardFile() { ::munmap(header_, bytes_); }

Result<std::shared_ptr<ShardFile>> ShardFile::map(const std::string& path, int fd, std::size_t bytes, bool writable) {
    const int sharing = writable ? MAP_SHARED : MAP_PRIVATE;
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, sharing, fd, 0);
    if (memory == MAP_FAILED) return errno_error(Errc::unavailable, path);
    std::shared_ptr<ShardFile> file(new ShardFile(path, memory, bytes));
    file->writable_ = writable;
    return file;
}

// Renamed once the header is written: a file with the final name is complete.
Result<std::shared_ptr<ShardFile>> ShardFile::create(const std::string& path, ShardSize size) {
    const std::string temporary = path + ".new";
    const UniqueFd fd(::open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
    if (!fd) return errno_error(Errc::unavailable, temporary);
    const int reserved = ::posix_fallocate(fd.get(), 0, static_cast<off_t>(total_bytes(size)));
    auto file = reserved == 0 ? map(path, fd.get(), total_bytes(size), true)
                              : errno_error(Errc::unavailable, temporary, reserved);
    if (file) (*file)->format(size);
    if (file && ::rename(temporary.c_str(), path.c_str()) != 0) file = errno_error(Errc::unavailable, path);
    if (!file) ::unlink(temporary.c_str());
    return file;
}

Result<std::shared_ptr<ShardFile>> ShardFile::open_checked(const std::string& path, bool writable) {
    const UniqueFd fd(::open(path.c_str(), (writable ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC));
    struct stat info {};
    if (!fd || ::fstat(fd.get(), &info) != 0) return errno_error(Errc::unavailable, path);
    const Error damaged{Errc::invalid_input, path + ": not a valid counter file"};
    if (static_cast<std::size_t>(info.st_size) < header_bytes) return damaged;
    auto file = map(path, fd.get(), static_cast<std::size_t>(info.st_size), writable);
    if (file && !(*file)->is_whole()) return damaged;
    return file;
}

Result<std::shared_ptr<ShardFile>> ShardFile::open(const std::string& path) { return open_checked(path, true); }

Result<std::shared_ptr<ShardFile>> ShardFile::open_read_only(const std::string& path) {
    return open_checked(path, false);
}

std::uint64_t ShardFile::total() const noexcept {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < used(); ++i) sum += slots_[i].total.load(std::memory_order_relaxed);
    return sum;
}

std::uint64_t ShardFile::sealed() const noexcept {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < used(); ++i) sum += slots_[i].mark.load(std::memory_order_relaxed);
    return sum;
}

ShardFile::Salvaged ShardFile::salvage(const std::string& path, ShardSize expected) {
    Salvaged salvaged;
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat info {};
    if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return salvaged;
    if (static_cast<std::size_t>(info.st_size) < header_bytes) return salvaged;
    auto mapped = map(path, fd.get(), static_cast<std::size_t>(info.st_size), false);
    if (!mapped) return salvaged;
    auto& file = **mapped;
    const bool knows_size = file.has_valid_header();
    const ShardSize size = knows_size ? ShardSize{file.header_->slots, file.header_->label_bytes} : expected;
    if (size.slots > (file.bytes_ - header_bytes) / sizeof(Slot)) return salvaged;
    file.locate(size);
    const std::uint32_t end = knows_size ? std::min(file.used(), size.slots) : size.slots;
    for (std::uint32_t i = 0; i < end; ++i) {
        const Slot& slot = file.slots_[i];
        const auto unsealed = unsealed_of(slot);
        if (unsealed == 0) continue;
        auto* total = file.is_intact(i, size) ? add_to(salvaged.rest, file.labels(i), size) : nullptr;
        if (total == nullptr) {
            salvaged.lost += unsealed;
            continue;
        }
        total->store(unsealed, std::memory_order_relaxed);
        auto& copy = salvaged.rest->slot(salvaged.rest->used() - 1);
        const auto mark = slot.mark.load(std::memory_order_relaxed);
        copy.pending = slot.pending >= mark && slot.pending - mark <= unsealed ? slot.pending - mark : 0;
    }
    return salvaged;
}

std::shared_ptr<ShardFile> ShardFile::in_memory(ShardSize size) {
    const auto bytes = total_bytes(size);
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    std::shared_ptr<ShardFile> file(new ShardFile("", memory, bytes));
    file->format(size);
    return file;
}

void ShardFile::locate(ShardSize size) noexcept {
    auto* base = reinterpret_cast<char*>(header_);
    slots_ = reinterpret_cast<Slot*>(base + header_bytes);
    label_bytes_ = base + header_bytes + std::size_t{size.slots} * sizeof(Slot);
}

void ShardFile::format(ShardSize size) noexcept {
    std::memcpy(header_->magic, magic.data(), magic.size());
    header_->slots = size.slots;
    header_->label_bytes = size.label_bytes;
    header_->crc = crc32c({reinterpret_cast<const char*>(header_), offsetof(Header, crc)});
    locate(size);
}

bool ShardFile::has_valid_header() const noexcept {
    const std::string_view covered(reinterpret_cast<const char*>(header_), offsetof(Header, crc));
    return covered.starts_with(magic) && header_->crc == crc32c(covered);
}

// The size is the file's, so that label offsets may be compared with it.
bool ShardFile::is_intact(std::uint32_t index, ShardSize size) const noexcept {
    const Slot& slot = slots_[index];
    const std::uint64_t end = std::uint64_t{slot.label_offset} + slot.label_length;
    if (slot.label_offset < crc_bytes || end > size.label_bytes) return false;
    if (static_cast<std::size_t>(label_bytes_ - reinterpret_cast<const char*>(header_)) + end > bytes_) return false;
    if (read_le<std::uint32_t>(label_bytes_ + slot.label_offset - crc_bytes) != crc32c(labels(index))) return false;
    return parse_labels(labels(index)) && is_plausible(slot);
}

bool ShardFile::is_whole() noexcept {
    const ShardSize size{header_->slots, header_->label_bytes};
    if (!has_valid_header() || bytes_ != total_bytes(size) || used() > size.slots) return false;
    locate(size);
    for (std::uint32_t i = 0; i < used(); ++i) {
        if (!is_intact(i, size)) return false;
        label_end_ = slots_[i].label_offset + slots_[i].label_length;
    }
    return true;
}

void ShardFile::take_marks(const ShardFile& reader) noexcept {
    for (std::uint32_t i = 0; i < std::min(used(), reader.used()); ++i) {
        slots_[i].pending = reader.slots_[i].pending;
        slots_[i].mark.store(reader.slots_[i].mark.load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
}

bool ShardFile::notice_removal() noexcept {
    if (is_on_disk() && ::access(path_.c_str(), F_OK) != 0 && errno == ENOENT) removed_ = true;
    return removed_;
}

std::atomic<std::uint64_t>* ShardFile::add_slot(std::string_view labels) {
    const std::uint32_t index = header_->used.load(std::memory_order_relaxed);
    const std::uint64_t end = std::uint64_t{label_end_} + crc_bytes + labels.size();
    if (index == header_->slots || end > header_->label_bytes) return nullptr;
    std::string crc;
    append_le(crc, crc32c(labels));
    std::memcpy(label_bytes_ + label_end_, crc.data(), crc.size());
    std::memcpy(label_bytes_ + label_end_ + crc_bytes, labels.data(), labels.size());
    Slot& slot = slots_[index];
    slot.label_offset = label_end_ + crc_bytes;
    slot.label_length = static_cast<std::uint32_t>(labels.size());
    label_end_ = static_cast<std::uint32_t>(end);
    header_->used.store(index + 1, std::memory_order_release);
    return &slot.total;
}

std::uint32_t ShardFile::used() const noexcept { return header_->used.load(std::memory_order_acquire); }

bool ShardFile::is_nearly_full() const noexcept {
    const std::uint32_t slots = used();
    if (slots == 0) return false;
    const Slot& last = slots_[slots - 1];
    const std::uint64_t label_bytes = std::uint64_t{last.label_offset} + last.label_length;
    return slots >= header_->slots / 4 * 3 || label_bytes >= header_->label_bytes / 4 * 3;
}

std::string_view ShardFile::labels(std::uint32_t index) const noexcept {
    return {label_bytes_ + slots_[index].label_offset, slots_[index].label_length};
}

Result<> ShardFile::sync() const {
    if (!is_on_disk() || !writable_ || ::msync(header_, bytes_, MS_SYNC) == 0) return {};
    return errno_error(Errc::unavailable, "cannot sync " + path_);
}

}  // namespace fanion::relay::events
