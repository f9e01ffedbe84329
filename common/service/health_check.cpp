#include "common/service/health_check.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "common/json/document.hpp"

namespace fanion::service {
namespace {

constexpr std::size_t largest_answer = 64 * 1024;

struct FreeCurl {
    void operator()(CURL* curl) const noexcept { curl_easy_cleanup(curl); }
};
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;

template <class T>
void set_option(const CurlHandle& curl, CURLoption option, T value) {
    const auto code = curl_easy_setopt(curl.get(), option, value);
    if (code != CURLE_OK) throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
}

std::size_t keep_answer(char* data, std::size_t, std::size_t size, void* out) {
    auto& answer = *static_cast<std::string*>(out);
    if (answer.size() + size > largest_answer) return 0;
    answer.append(data, size);
    return size;
}

// Where a program that listens on all addresses of the machine is reached.
std::string host_of(const config::Endpoint& port) {
    if (!port.path.empty()) return "localhost";
    const auto address = port.address == "0.0.0.0" ? std::string("127.0.0.1")
                                                   : (port.address == "::" ? std::string("::1") : port.address);
    const bool is_v6 = address.find(':') != std::string::npos;
    return (is_v6 ? "[" + address + "]" : address) + ":" + std::to_string(port.port);
}

// The certificate is not verified: the port is this machine's own, its address is hardly ever among the certificate's
// names, and nothing secret is sent. Where the port asks for a certificate, it is shown its own.
void set_tls(const CurlHandle& curl, const PortOptions& ports) {
    set_option(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    set_option(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    if (ports.operators_client_ca.empty()) return;
    set_option(curl, CURLOPT_SSLCERT, ports.tls.certificate.c_str());
    set_option(curl, CURLOPT_SSLKEY, ports.tls.key.c_str());
}

std::string reason_in(const std::string& answer, long status) {
    json::Document document;
    const bool is_json = static_cast<bool>(document.parse(answer));
    const auto reason = is_json ? document.root().find("reason") : json::Value();
    if (reason && reason.is(json::Kind::string)) return std::string(reason.as_string());
    return "status " + std::to_string(status);
}

}  // namespace

void describe_health_check(config::Options& options, bool& live) {
    options.add("live", "healthcheck: ask whether the program runs, whether or not it is ready").flag(live);
}

bool is_health_check(const config::Reading& reading) {
    return std::ranges::find(reading.commands, health_check_command) != reading.commands.end();
}

void validate_health_check(const HealthCheck& check, config::Reading& out) {
    validate_ports(check.options, out);
    if (check.port.path.empty() && check.port.port == 0) {
        out.fail("operators-listen", "healthcheck needs a port: any free one (0) cannot be found again");
    }
}

Result<> check_health(const HealthCheck& check) {
    const CurlHandle curl(curl_easy_init());
    if (!curl) throw std::bad_alloc();
    const auto url = std::string(check.options.operators_tls ? "https://" : "http://") + host_of(check.port) +
                     (check.live ? "/livez" : "/readyz");
    const auto limit = static_cast<long>(check.patience.count());
    std::string answer;
    char cause[CURL_ERROR_SIZE] = {};
    set_option(curl, CURLOPT_URL, url.c_str());
    set_option(curl, CURLOPT_NOSIGNAL, 1L);
    set_option(curl, CURLOPT_PROXY, "");  // whatever the environment says
    set_option(curl, CURLOPT_TIMEOUT_MS, limit);
    set_option(curl, CURLOPT_ERRORBUFFER, cause);
    set_option(curl, CURLOPT_WRITEFUNCTION, keep_answer);
    set_option(curl, CURLOPT_WRITEDATA, static_cast<void*>(&answer));
    if (!check.port.path.empty()) set_option(curl, CURLOPT_UNIX_SOCKET_PATH, check.port.path.c_str());
    if (check.options.operators_tls) set_tls(curl, check.options);
    const auto code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) {
        const auto what = *cause != '\0' ? std::string(cause) : std::string(curl_easy_strerror(code));
        return Error{code == CURLE_OPERATION_TIMEDOUT ? Errc::timed_out : Errc::network,
                     "no answer from " + to_string(check.port) + ": " + what};
    }
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) return {};
    return Error{Errc::unavailable,
                 std::string(check.live ? "not alive: " : "not ready: ") + reason_in(answer, status)};
}

int run_health_check(const HealthCheck& check, std::string_view program) {
    const auto healthy = check_health(check);
    if (!healthy) {
        std::cerr << program << ": " << describe(healthy.error()) << "\n";
        return 1;
    }
    std::cout << (check.live ? "alive\n" : "ready\n");
    return 0;
}

}  // namespace fanion::service
