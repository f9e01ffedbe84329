#pragma once

// What a PostgreSQL cluster's files and processes tell, without a connection. Linux (/proc). Functions without state.

#include <sys/types.h>
#include <cstdint>
#include <filesystem>
#include <string>

namespace fanion::cp::embedded_postgres {

// Nothing in it, or only what an interrupted first start leaves.
bool is_ours_or_empty(const std::filesystem::path& directory);

std::string cluster_version(const std::filesystem::path& data);  // "15"; empty when there is no cluster

// The folder with initdb, postgres and psql: `given` if it has them; else the distribution's folder for `major` (empty: the
// newest), else a folder of PATH. Empty when there is none.
std::filesystem::path find_postgres_binaries(const std::filesystem::path& given, const std::string& major);

std::int64_t read_number(const std::filesystem::path& file);   // on its first line; 0 when there is none
pid_t read_postmaster_pid(const std::filesystem::path& data);  // 0 when there is no pid file
bool says_ready(const std::filesystem::path& data);            // line 8 of the pid file

// PostgreSQL's processes stand in their data directory.
bool is_postgres_of(pid_t pid, const std::filesystem::path& data);
bool has_processes_of(const std::filesystem::path& data);

// The server clears up after a dead predecessor itself, but takes a foreign process that was given the same number since (after
// a reboot, in a container) for it. The file is removed only when no process at all stands in the data directory.
void remove_stale_pid_file(const std::filesystem::path& data);

std::string last_line(const std::filesystem::path& file);
bool write_file(const std::filesystem::path& file, const std::string& text, uid_t uid, gid_t gid);

}  // namespace fanion::cp::embedded_postgres
