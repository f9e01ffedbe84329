#pragma once

// The program fanion-relay as a child process, and requests to its ports.

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "common/net/http_client.hpp"
#include "tests/support/child_process.hpp"

namespace fanion::test {

class RelayProcess {
public:
    // This build's relay, unless the environment variable FANION_TEST_RELAY names another, for
    // example that of a release build.
    static const char* program() noexcept;

    // `log` is a file for standard error.
    RelayProcess(std::vector<std::string> arguments, std::string log, DescriptorLimits descriptors = {});
    ~RelayProcess();  // kills the process if it is still running
    RelayProcess(const RelayProcess&) = delete;

    bool wait_started();  // both ports are open
    void signal(int number) const;
    void kill();      // -9, and waits
    int wait_exit();  // the exit status, or 128 + signal; throws after a minute

    std::string log() const;
    pid_t pid() const noexcept { return pid_; }
    std::uint16_t port() const noexcept { return port_; }
    std::uint16_t operators_port() const noexcept { return operators_port_; }

    // Status 0 when there is no answer.
    net::ClientResponse ask(net::ClientRequest request) const;
    net::ClientResponse operators(const std::string& target) const;
    // The value of an OFREP evaluation of a boolean flag: "true", "false", or the status.
    std::string evaluate(const std::string& flag, const std::string& key) const;
    double metric(const std::string& series) const;  // "name{label=\"value\"}"; -1 if it is missing

private:
    net::ClientResponse send(std::uint16_t port, net::ClientRequest request) const;

    std::string log_;
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
    std::uint16_t operators_port_ = 0;
};

}  // namespace fanion::test
