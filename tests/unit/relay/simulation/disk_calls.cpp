// Gives the Disk to the program under test: these replace functions of the C library in the whole test program, as
// tests/support/slow_disk does. Paths and descriptors that are not the Disk's go to the kernel.

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/relay/simulation/disk.hpp"

namespace {

using fanion::test::Disk;

constexpr int first_descriptor = 1'000'000;

struct Descriptor {
    Disk* disk = nullptr;
    Disk::FilePtr file;
    std::string path;
    std::uint64_t at = 0;
    bool is_writable = false;
};

struct Listing {
    std::vector<std::pair<std::string, bool>> names;
    std::size_t next = 0;
    int descriptor = -1;
    dirent entry{};
};

struct Mapping {
    Disk* disk = nullptr;
    Disk::FilePtr file;
};

std::vector<Disk*>& disks() {
    static std::vector<Disk*> all;
    return all;
}
std::map<int, Descriptor>& descriptors() {
    static std::map<int, Descriptor> all;
    return all;
}
std::multimap<void*, Mapping>& mappings() {  // of shared ones
    static std::multimap<void*, Mapping> all;
    return all;
}
std::map<DIR*, std::unique_ptr<Listing>>& listings() {
    static std::map<DIR*, std::unique_ptr<Listing>> all;
    return all;
}

constexpr std::string_view parent_of_all = Disk::root.substr(0, Disk::root.size() - 1);

bool is_simulated(const char* path) {
    return std::strncmp(path, Disk::root.data(), Disk::root.size()) == 0 || path == parent_of_all;
}

std::string path_of(const char* text) {
    std::string path = text;
    while (path.size() > Disk::root.size() && path.back() == '/') path.pop_back();
    return path;
}

Disk* disk_of(std::string_view path) {
    for (auto* disk : disks()) {
        const auto& directory = disk->directory();
        const bool is_below = path.starts_with(directory);
        if (is_below && (path.size() == directory.size() || path[directory.size()] == '/')) return disk;
    }
    return nullptr;
}

Descriptor* find(int fd) {
    if (fd < first_descriptor) return nullptr;
    const auto at = descriptors().find(fd);
    return at == descriptors().end() ? nullptr : &at->second;
}

int result(int error) {
    if (error == 0) return 0;
    errno = error;
    return -1;
}

int open_file(const char* text, int flags) {
    const auto path = path_of(text);
    auto* const disk = disk_of(path);
    if (!disk) return result(ENOENT);
    const bool changes = (flags & O_ACCMODE) != O_RDONLY;
    auto file = disk->find(path);
    if (file && (flags & O_EXCL) != 0) return result(EEXIST);
    if (file && !file->is_directory && (flags & O_DIRECTORY) != 0) return result(ENOTDIR);
    if (!file) {
        if ((flags & O_CREAT) == 0) return result(ENOENT);
        if (const int error = disk->create(path, false, file)) return result(error);
    } else if ((flags & O_TRUNC) != 0) {
        if (const int error = disk->resize(*file, 0, false)) return result(error);
    }
    static int next = first_descriptor;
    descriptors()[next] = {disk, file, path, 0, changes};
    return next++;
}

Disk::FilePtr find_file(const char* text) {
    const auto path = path_of(text);
    if (path == parent_of_all) {
        static const auto directory = [] {
            auto made = std::make_shared<Disk::File>();
            made->is_directory = true;
            return made;
        }();
        return directory;
    }
    auto* const disk = disk_of(path);
    return disk ? disk->find(path) : nullptr;
}

int fill(const Disk::FilePtr& file, struct stat* info) {
    if (!file) return result(ENOENT);
    *info = {};
    info->st_mode = (file->is_directory ? S_IFDIR : S_IFREG) | 0700u;
    info->st_size = static_cast<off_t>(file->size());
    info->st_nlink = file->is_linked ? 1 : 0;
    return 0;
}

ssize_t read_at(const Disk::File& file, void* into, size_t size, std::uint64_t offset) {
    if (offset >= file.size()) return 0;
    const auto count = std::min<std::size_t>(size, file.size() - offset);
    std::memcpy(into, (file.mapped ? file.mapped : file.bytes.data()) + offset, count);
    return static_cast<ssize_t>(count);
}

ssize_t write_at(Descriptor& to, const void* bytes, size_t size, std::uint64_t offset) {
    std::size_t written = 0;
    const int error = to.disk->write(*to.file, offset, {static_cast<const char*>(bytes), size}, written);
    return error != 0 ? result(error) : static_cast<ssize_t>(written);
}

template <class Function>
Function* original(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

namespace fanion::test {

void insert_disk(Disk& disk) { disks().push_back(&disk); }

void remove_disk(Disk& disk) {
    std::erase(disks(), &disk);
    std::erase_if(descriptors(), [&](const auto& entry) { return entry.second.disk == &disk; });
    std::erase_if(mappings(), [&](const auto& entry) { return entry.second.disk == &disk; });
}

}  // namespace fanion::test

extern "C" {

int open(const char* path, int flags, ...) {
    if (is_simulated(path)) return open_file(path, flags);
    mode_t mode = 0;
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

// What FORTIFY makes of an open() without a mode.
int open_without_mode(const char* path, int flags) asm("__open_2");
int open_without_mode(const char* path, int flags) { return open(path, flags); }

int openat(int directory, const char* path, int flags, ...) {
    if (is_simulated(path)) return open_file(path, flags);
    mode_t mode = 0;
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return static_cast<int>(::syscall(SYS_openat, directory, path, flags, mode));
}

int close(int fd) {
    if (fd >= first_descriptor) return descriptors().erase(fd) > 0 ? 0 : result(EBADF);
    return static_cast<int>(::syscall(SYS_close, fd));
}

ssize_t read(int fd, void* into, size_t size) {
    if (auto* from = find(fd)) {
        const auto count = read_at(*from->file, into, size, from->at);
        from->at += static_cast<std::uint64_t>(count);
        return count;
    }
    return ::syscall(SYS_read, fd, into, size);
}

ssize_t write(int fd, const void* bytes, size_t size) {
    if (auto* to = find(fd)) {
        const auto count = write_at(*to, bytes, size, to->at);
        if (count > 0) to->at += static_cast<std::uint64_t>(count);
        return count;
    }
    return ::syscall(SYS_write, fd, bytes, size);
}

ssize_t pread(int fd, void* into, size_t size, off_t offset) {
    if (auto* from = find(fd)) return read_at(*from->file, into, size, static_cast<std::uint64_t>(offset));
    return ::syscall(SYS_pread64, fd, into, size, offset);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
    if (auto* to = find(fd)) return write_at(*to, bytes, size, static_cast<std::uint64_t>(offset));
    return ::syscall(SYS_pwrite64, fd, bytes, size, offset);
}

int fstat(int fd, struct stat* info) noexcept {
    if (auto* of = find(fd)) return fill(of->file, info);
    return static_cast<int>(::syscall(SYS_fstat, fd, info));
}

int stat(const char* path, struct stat* info) noexcept {
    if (is_simulated(path)) return fill(find_file(path), info);
    return static_cast<int>(::syscall(SYS_newfstatat, AT_FDCWD, path, info, 0));
}

int lstat(const char* path, struct stat* info) noexcept {
    if (is_simulated(path)) return fill(find_file(path), info);
    return static_cast<int>(::syscall(SYS_newfstatat, AT_FDCWD, path, info, AT_SYMLINK_NOFOLLOW));
}

int access(const char* path, int mode) noexcept {
    if (is_simulated(path)) return result(find_file(path) ? 0 : ENOENT);
    return static_cast<int>(::syscall(SYS_faccessat, AT_FDCWD, path, mode));
}

int mkdir(const char* path, mode_t mode) noexcept {
    if (!is_simulated(path)) return static_cast<int>(::syscall(SYS_mkdirat, AT_FDCWD, path, mode));
    Disk::FilePtr made;
    auto* const disk = disk_of(path);
    return result(disk ? disk->create(path_of(path), true, made) : ENOENT);
}

int rename(const char* from, const char* to) noexcept {
    if (!is_simulated(from)) return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
    auto* const disk = disk_of(from);
    if (disk != disk_of(to)) return result(EXDEV);
    return result(disk ? disk->rename(path_of(from), path_of(to)) : ENOENT);
}

int unlink(const char* path) noexcept {
    if (!is_simulated(path)) return static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, 0));
    auto* const disk = disk_of(path);
    return result(disk ? disk->remove(path_of(path), false) : ENOENT);
}

int rmdir(const char* path) noexcept {
    if (!is_simulated(path)) return static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
    auto* const disk = disk_of(path);
    return result(disk ? disk->remove(path_of(path), true) : ENOENT);
}

int remove(const char* path) noexcept {
    if (unlink(path) == 0) return 0;
    return errno == EISDIR ? rmdir(path) : -1;
}

int truncate(const char* path, off_t size) noexcept {
    if (!is_simulated(path)) return static_cast<int>(::syscall(SYS_truncate, path, size));
    const auto file = find_file(path);
    return result(file ? disk_of(path)->resize(*file, static_cast<std::uint64_t>(size), false) : ENOENT);
}

int ftruncate(int fd, off_t size) noexcept {
    if (auto* of = find(fd)) return result(of->disk->resize(*of->file, static_cast<std::uint64_t>(size), false));
    return static_cast<int>(::syscall(SYS_ftruncate, fd, size));
}

int posix_fallocate(int fd, off_t offset, off_t size) {
    if (auto* of = find(fd)) return of->disk->resize(*of->file, static_cast<std::uint64_t>(offset + size), true);
    return static_cast<int>(::syscall(SYS_fallocate, fd, 0, offset, size)) == 0 ? 0 : errno;
}

int fsync(int fd) {
    if (auto* of = find(fd)) return result(of->disk->sync(of->file));
    return static_cast<int>(::syscall(SYS_fsync, fd));
}

int fdatasync(int fd) {
    if (auto* of = find(fd)) return result(of->disk->sync(of->file));
    return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

// Named otherwise, because there is a struct flock.
int lock_file(int fd, int operation) noexcept asm("flock");
int lock_file(int fd, int operation) noexcept {
    if (find(fd)) return 0;
    return static_cast<int>(::syscall(SYS_flock, fd, operation));
}

void* mmap(void* address, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
    const auto kernel = [&](int how, int of) {
        const auto mapped = ::syscall(SYS_mmap, address, size, protection, how, of, of < 0 ? 0 : offset);
        return mapped < 0 ? MAP_FAILED : reinterpret_cast<void*>(mapped);
    };
    if (fd < first_descriptor) return kernel(flags, fd);
    auto* of = find(fd);
    if (!of) return errno = EBADF, MAP_FAILED;
    const bool shared = (flags & MAP_SHARED) != 0;
    if (shared && of->file->mapped)
        return mappings().emplace(of->file->mapped, Mapping{of->disk, of->file}), of->file->mapped;
    if (shared) return errno = ENODEV, MAP_FAILED;  // a file that never was large enough
    void* copy = kernel(MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (copy != MAP_FAILED) read_at(*of->file, copy, size, 0);
    return copy;
}

int munmap(void* address, size_t size) noexcept {
    const auto at = mappings().find(address);
    if (at != mappings().end()) return mappings().erase(at), 0;
    return static_cast<int>(::syscall(SYS_munmap, address, size));
}

int msync(void* address, size_t size, int flags) {
    const auto at = mappings().find(address);
    if (at != mappings().end()) return result(at->second.disk->sync(at->second.file));
    return static_cast<int>(::syscall(SYS_msync, address, size, flags));
}

DIR* fdopendir(int fd) {
    static auto* const next = original<DIR*(int)>("fdopendir");
    auto* of = find(fd);
    if (!of) return next(fd);
    auto listing = std::make_unique<Listing>();
    listing->names = of->disk->list(of->path);
    listing->descriptor = fd;
    auto* const handle = reinterpret_cast<DIR*>(listing.get());
    listings()[handle] = std::move(listing);
    return handle;
}

dirent* readdir(DIR* handle) {
    static auto* const next = original<dirent*(DIR*)>("readdir");
    const auto at = listings().find(handle);
    if (at == listings().end()) return next(handle);
    auto& listing = *at->second;
    if (listing.next == listing.names.size()) return nullptr;
    const auto& [name, is_directory] = listing.names[listing.next++];
    listing.entry.d_type = is_directory ? DT_DIR : DT_REG;
    std::strncpy(listing.entry.d_name, name.c_str(), sizeof listing.entry.d_name - 1);
    return &listing.entry;
}

int closedir(DIR* handle) {
    static auto* const next = original<int(DIR*)>("closedir");
    const auto at = listings().find(handle);
    if (at == listings().end()) return next(handle);
    close(at->second->descriptor);
    listings().erase(at);
    return 0;
}

int dirfd(DIR* handle) noexcept {
    static auto* const next = original<int(DIR*)>("dirfd");
    const auto at = listings().find(handle);
    return at == listings().end() ? next(handle) : at->second->descriptor;
}
}
