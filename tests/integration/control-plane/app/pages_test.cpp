// The pages that the program serves: with a dashboard below a path prefix, without one, and with a damaged one.

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "tests/integration/control-plane/app/machine.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/small_dashboard.hpp"

using namespace fanion;
using namespace fanion::control_plane_test;

namespace {

const std::string confinement =
    "Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' "
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types fanion default\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Permissions-Policy: accelerometer=(), autoplay=(), camera=(), clipboard-read=(), "
    "display-capture=(), "
    "encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), "
    "local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
    "publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), storage-access=(), "
    "usb=(), window-management=(), xr-spatial-tracking=()\r\n";

struct Page {
    test::RawAnswer answer;
    std::string fixed;  // of the head, what is the same each time
};

Page ask(unsigned port, const std::string& request, bool has_body = true) {
    test::RawHttp client(static_cast<std::uint16_t>(port));
    client.send(request + "\r\n\r\n");
    Page page{client.receive(has_body), {}};
    for (const auto line : split(page.answer.head, '\n')) {
        const auto name = line.substr(0, line.find(':'));
        if (name != "Date" && name != "X-Request-Id" && name != "ETag" && !line.empty())
            page.fixed.append(line).append("\n");
    }
    return page;
}

std::string get_line(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: localhost"; }

void check_dashboard(unsigned port) {
    const auto body =
        "<!doctype html><head><base href=\"/tools/fanion/ui/\" />"
        "<script src=\"./assets/a-1.js\"></script></head>";
    const auto page = ask(port, get_line("/ui/acme/web/flags/f?x=1"));
    CHECK(page.answer.body == body);
    CHECK(page.fixed == "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " +
                            std::to_string(std::string(body).size()) +
                            "\r\nVary: Accept-Encoding\r\nCache-Control: no-cache\r\n" + confinement +
                            "X-Content-Type-Options: nosniff\r\n\r\n");
    const auto head = ask(port, "HEAD /ui/ HTTP/1.1\r\nHost: localhost", false);
    CHECK(head.answer.status == 200);
    CHECK(head.fixed == page.fixed);
    const auto tag = page.answer.header("ETag");
    const auto current = ask(port, get_line("/ui/") + "\r\nIf-None-Match: " + tag);
    CHECK(current.fixed == "HTTP/1.1 304 Not Modified\r\nVary: Accept-Encoding\r\nCache-Control: no-cache\r\n" +
                               confinement + "X-Content-Type-Options: nosniff\r\n\r\n");
    const auto script = ask(port, get_line("/ui/assets/a-1.js") + "\r\nAccept-Encoding: gzip, deflate, br, zstd");
    CHECK(script.answer.body == "brotli");
    CHECK(script.fixed ==
          "HTTP/1.1 200 OK\r\nContent-Type: text/javascript; charset=utf-8\r\nContent-Length: 6\r\n"
          "Content-Encoding: br\r\nVary: Accept-Encoding\r\nCache-Control: max-age=31536000, immutable\r\n" +
              confinement + "X-Content-Type-Options: nosniff\r\n\r\n");
    const auto gone = ask(port, get_line("/ui/assets/gone-9.js"));
    CHECK(gone.answer.status == 404);
    CHECK(gone.answer.header("Content-Type") == "application/problem+json");
    CHECK(gone.answer.header("Cache-Control") == "no-store");
    const auto door = ask(port, get_line("/?to=//evil.example"));
    CHECK(door.answer.status == 302);
    CHECK(door.answer.header("Location") == "/tools/fanion/ui/");
}

}  // namespace

TEST_CASE("the program serves the dashboard that it is given, or says that it has none") {
    Machine machine;
    const auto file = (machine.root / "dashboard.tar").string();
    std::ofstream(file) << test::ustar(test::small_dashboard());
    auto arguments = machine.embedded();
    arguments.insert(arguments.end(), {"--dashboard", file, "--public-url", "https://tools.example.com/tools/fanion"});
    auto pid = machine.serve(arguments);
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    check_dashboard(machine.port("public"));
    std::string body;
    CHECK(get(machine.port("public"), "/docs", &body) == 200);
    CHECK(body.find("Fanion admin API") != std::string::npos);
    CHECK(get(machine.port("operators"), "/metrics", &body) == 200);
    CHECK(body.find("fanion_control_plane_web_requests_total{kind=\"page\"} 3\n") != std::string::npos);
    CHECK(content(machine.log()).find(R"("event":"dashboard_loaded","file":")" + file) != std::string::npos);
    CHECK(machine.stop(pid) == 0);

    arguments = machine.embedded();
    arguments.insert(arguments.end(), {"--dashboard", "none"});
    pid = machine.serve(arguments);
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    CHECK(get(machine.port("public"), "/", &body) == 200);
    CHECK(body.find("--dashboard FILE") != std::string::npos);
    CHECK(get(machine.port("public"), "/ui/acme", &body) == 404);
    CHECK(body.find("--dashboard FILE") != std::string::npos);
    CHECK(get(machine.port("public"), "/docs") == 200);
    CHECK(machine.stop(pid) == 0);
}

TEST_CASE("a damaged dashboard ends the start before anything is touched") {
    Machine machine;
    const auto file = (machine.root / "dashboard.tar").string();
    std::ofstream(file) << test::ustar(test::small_dashboard()).substr(0, 1500);
    auto arguments = machine.embedded();
    arguments.insert(arguments.end(), {"--dashboard", file});
    const auto pid = machine.serve(arguments);
    CHECK(test::wait_for_exit(pid, std::chrono::seconds(60)) == 1);
    std::erase(machine.programs, pid);
    CHECK(content(machine.log()).find("--dashboard: " + file + ": the archive is cut short (entry at byte 1024)") !=
          std::string::npos);
    CHECK_FALSE(fs::exists(machine.data()));
}
