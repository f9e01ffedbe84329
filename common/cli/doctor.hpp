#pragma once

// The parts of `fanion doctor`: each appends what it finds. Private to common/cli.

#include <string>
#include <vector>

#include "common/cli/doctor_check.hpp"

namespace fanion::cli {

struct DoctorOptions {
    std::string url;                  // of the control plane
    std::vector<std::string> relays;  // URLs
    std::string org;
    std::string database_url;
    std::string trust, data_dir, cache_dir;
    std::vector<std::string> files, certificates;
    std::string format;  // text, json
};

void check_control_plane(const DoctorOptions& options, Checks& checks);
void check_relays(const DoctorOptions& options, Checks& checks);
// Version, settings, migrations, roles, room of the server's connections, its clock.
void check_database(const std::string& url, Checks& checks);
// Trust documents, keys, permissions, room on the disk.
void check_files(const DoctorOptions& options, Checks& checks);
// Each certificate in a PEM file.
void check_certificate_file(const std::string& file, UnixMillis now, Checks& checks);
// What the server of an https URL shows.
void check_server_certificate(const std::string& url, UnixMillis now, Checks& checks);

}  // namespace fanion::cli
