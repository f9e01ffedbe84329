#pragma once

// The program fanion-control-plane as a process of its own, with a private cluster in a temporary
// directory.

#include <signal.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "common/embedded_postgres/postgres_files.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/temporary_directory.hpp"

namespace fanion::control_plane_test {

namespace fs = std::filesystem;
namespace asio = boost::asio;
using Arguments = std::vector<std::string>;

inline std::string content(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

// The status of a GET; 0 if there is no response.
inline int get(unsigned port, const std::string& path, std::string* body = nullptr) {
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    boost::system::error_code ec;
    socket.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)}, ec);
    if (ec) return 0;
    asio::write(socket, asio::buffer("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), ec);
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), ec);
    if (answer.size() < 12) return 0;
    if (body != nullptr) *body = answer.substr(answer.find("\r\n\r\n") + 4);
    return std::stoi(answer.substr(9, 3));
}

// A temporary directory. Processes that were started in it are ended by their process ids.
struct Machine {
    ~Machine() {
        for (const pid_t pid : programs) {
            kill(pid, SIGKILL);
            test::wait_for_exit(pid, std::chrono::seconds(5));
        }
        if (const auto server = embedded_postgres::read_postmaster_pid(data());
            server > 0 && embedded_postgres::is_postgres_of(server, data())) {
            kill(server, SIGQUIT);
            test::wait_for([&] { return !embedded_postgres::has_processes_of(data()); }, std::chrono::seconds(5));
        }
    }
    fs::path data() const { return root / "pg" / "data"; }
    fs::path log() const { return root / "program.log"; }
    Arguments embedded() const { return {"--embedded-postgres", (root / "pg").string()}; }

    pid_t start(const std::string& command, Arguments arguments) {
        arguments.insert(arguments.begin(), {FANION_CONTROL_PLANE, command});
        if (has_few_descriptors) {
            arguments.insert(arguments.begin(),
                             {"/bin/sh", "-c", R"(ulimit -n 256 && ulimit -S -n 128 && exec "$0" "$@")"});
        }
        fs::remove(log());
        programs.push_back(test::start_child(std::move(arguments), log()));
        return programs.back();
    }
    int run(const std::string& command, Arguments arguments) {
        const auto status = test::wait_for_exit(start(command, std::move(arguments)), std::chrono::seconds(60));
        programs.pop_back();
        return status.value_or(-1);
    }
    pid_t serve(Arguments database) {
        database.insert(database.end(), {"--data-dir", (root / "keys").string(), "--migrate", "--listen", "127.0.0.1:0",
                                         "--operators-listen", "127.0.0.1:0"});
        return start("serve", std::move(database));
    }
    // Returns the port from the log, once it has been logged.
    unsigned port(const std::string& which) const {
        const std::string line = "\"port\":\"" + which + "\"";
        test::eventually("the port is logged", [&] { return content(log()).find(line) != std::string::npos; });
        const auto text = content(log());
        const auto at = text.find("\"number\":", text.find(line));
        return static_cast<unsigned>(std::stoul(text.substr(at + 9)));
    }
    int stop(pid_t pid) {
        kill(pid, SIGTERM);
        const auto status = test::wait_for_exit(pid, std::chrono::seconds(40));
        std::erase(programs, pid);
        return status.value_or(-1);
    }

    test::TemporaryDirectory folder{fs::perms(0711)};  // the server may run as another user
    fs::path root = folder.path();
    std::vector<pid_t> programs;
    bool has_few_descriptors = false;  // programs may open 256 files, and 128 by default
};

}  // namespace fanion::control_plane_test
