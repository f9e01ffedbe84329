#pragma once

// What can be learned from the files and processes of a PostgreSQL cluster without a connection.
// Linux (/proc). Stateless functions; thread-safe.

#include <sys/types.h>
#include <cstdint>
#include <filesystem>
#include <string>

namespace fanion::embedded_postgres {

// Identifies a server that one of our programs started.
inline constexpr const char* our_cluster_name = "fanion";

// The directory is empty or holds only what an interrupted first start leaves.
bool is_ours_or_empty(const std::filesystem::path& directory);

std::string cluster_version(const std::filesystem::path& data);  // "15"; empty when there is no cluster

// The folder with PostgreSQL's programs: `given` if it has them; else the distribution's folder for
// `major` (empty: the newest), else a folder of PATH. Empty when there is none.
std::filesystem::path find_postgres_binaries(const std::filesystem::path& given, const std::string& major);

// 0 when there is no PID file. The server may have died since it was written.
pid_t read_postmaster_pid(const std::filesystem::path& data);

// Whether the server that was last started has our options (postmaster.opts), and not those of an
// administrator.
bool was_started_by_us(const std::filesystem::path& data);

// A running process called postgres whose working directory is the data directory.
bool is_postgres_of(pid_t pid, const std::filesystem::path& data);
bool has_processes_of(const std::filesystem::path& data);

// pg_ctl and the server recognise the lock files of a dead server, unless its process id has been
// given to another process of the same user since (after a reboot, in a container): then they take
// that one for the server. Removes the files (PID file and the socket's lock) if no server process
// of the cluster in `directory` exists. The caller holds the directory's lock.
void remove_stale_lock_files(const std::filesystem::path& directory);

// Where the file ends, in bytes; 0 when there is none.
std::uint64_t file_size_of(const std::filesystem::path& file);

// Why a program failed: the last error in what the log has beyond `offset` bytes, else its last
// line.
std::string failure_in_log(const std::filesystem::path& log, std::uint64_t offset);

// `text` as one word of a POSIX shell.
std::string shell_quote(const std::string& text);

}  // namespace fanion::embedded_postgres
