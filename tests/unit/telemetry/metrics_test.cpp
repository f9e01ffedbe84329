#include "common/telemetry/metrics.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace fanion::telemetry;

TEST_CASE("series of one name are one family, in the order they were registered") {
    Counter hits;
    Counter misses;
    Gauge depth;
    Registry registry;
    registry.counter("fanion_lookups_total", "Look-ups.", {{"result", "hit"}}, hits);
    registry.gauge("fanion_depth", "Depth.", {}, depth);
    registry.counter("fanion_lookups_total", "not used", {{"result", "miss"}}, misses);
    hits.add(3);
    misses.add();
    depth.set(2.5);

    CHECK(registry.text() ==
          "# HELP fanion_lookups_total Look-ups.\n"
          "# TYPE fanion_lookups_total counter\n"
          "fanion_lookups_total{result=\"hit\"} 3\n"
          "fanion_lookups_total{result=\"miss\"} 1\n"
          "# HELP fanion_depth Depth.\n"
          "# TYPE fanion_depth gauge\n"
          "fanion_depth 2.5\n");
}

TEST_CASE("values are read when the text is asked for") {
    double now = 1;
    Registry registry;
    registry.gauge_from("fanion_now", "Now.", {}, [&] { return now; });
    registry.counter_from("fanion_past_total", "Past.", {}, [&] { return now * 10; });
    now = 7;
    CHECK(registry.text().find("\nfanion_now 7\n") != std::string::npos);
    CHECK(registry.text().find("\nfanion_past_total 70\n") != std::string::npos);
}

TEST_CASE("what several metrics are read from is prepared once for each text") {
    Registry registry;
    int prepared = 0;
    registry.before_reading([&] { ++prepared; });
    for (const auto* name : {"a", "b"}) registry.gauge_from(name, "", {}, [&] { return double(prepared); });
    CHECK(registry.text().find("b 1\n") != std::string::npos);
    CHECK(registry.text().find("a 2\n") != std::string::npos);
    CHECK(prepared == 2);
}

TEST_CASE("a family's label values may change between collections") {
    std::vector<std::string> environments{"production"};
    Registry registry;
    registry.gauges_from("fanion_version", "Version.", [&] {
        Registry::Samples samples;
        for (const auto& environment : environments) samples.push_back({{{"environment", environment}}, 4});
        return samples;
    });
    CHECK(registry.text().find("fanion_version{environment=\"production\"} 4\n") != std::string::npos);
    environments = {"staging"};
    CHECK(registry.text().find("production") == std::string::npos);
    CHECK(registry.text().find("fanion_version{environment=\"staging\"} 4\n") != std::string::npos);
}

TEST_CASE("what each of several threads registers is one series, their sum or the least") {
    Counter hits[2];
    Gauge depth[2];
    Gauge known[2];
    Histogram seconds[2] = {Histogram({0.5, 1}), Histogram({0.5, 1})};
    Registry registry;
    for (int thread = 0; thread < 2; ++thread) {
        registry.counter("fanion_lookups_total", "Look-ups.", {{"result", "hit"}}, hits[thread]);
        registry.gauge("fanion_depth", "Depth.", {}, depth[thread]);
        registry.gauge("fanion_known", "Known.", {}, known[thread], Together::least);
        registry.histogram("fanion_seconds", "Time.", {}, seconds[thread]);
    }
    hits[0].add(3);
    hits[1].add(4);
    depth[0].set(2);
    depth[1].set(1.5);
    known[0].set(7);
    known[1].set(6);
    seconds[0].observe(0.25);
    seconds[1].observe(0.75);
    seconds[1].observe(8);

    CHECK(registry.text() ==
          "# HELP fanion_lookups_total Look-ups.\n"
          "# TYPE fanion_lookups_total counter\n"
          "fanion_lookups_total{result=\"hit\"} 7\n"
          "# HELP fanion_depth Depth.\n"
          "# TYPE fanion_depth gauge\n"
          "fanion_depth 3.5\n"
          "# HELP fanion_known Known.\n"
          "# TYPE fanion_known gauge\n"
          "fanion_known 6\n"
          "# HELP fanion_seconds Time.\n"
          "# TYPE fanion_seconds histogram\n"
          "fanion_seconds_count 3\n"
          "fanion_seconds_sum 9\n"
          "fanion_seconds_bucket{le=\"0.5\"} 1\n"
          "fanion_seconds_bucket{le=\"1\"} 2\n"
          "fanion_seconds_bucket{le=\"+Inf\"} 3\n");
}

TEST_CASE("label values are escaped") {
    Counter counter;
    Registry registry;
    registry.counter("fanion_x_total", "X.", {{"name", "a\"b\\c\nd"}}, counter);
    CHECK(registry.text().find("{name=\"a\\\"b\\\\c\\nd\"}") != std::string::npos);
}

TEST_CASE("a histogram's buckets are cumulative and a bound belongs to its bucket") {
    Histogram latency({0.1, 1});
    for (const double seconds : {0.05, 0.1, 0.5, 3.0}) latency.observe(seconds);
    Registry registry;
    registry.histogram("fanion_latency_seconds", "Latency.", {}, latency);
    const auto text = registry.text();
    CHECK(text.find("fanion_latency_seconds_bucket{le=\"0.1\"} 2\n") != std::string::npos);
    CHECK(text.find("fanion_latency_seconds_bucket{le=\"1\"} 3\n") != std::string::npos);
    CHECK(text.find("fanion_latency_seconds_bucket{le=\"+Inf\"} 4\n") != std::string::npos);
    CHECK(text.find("fanion_latency_seconds_count 4\n") != std::string::npos);
}

}  // namespace
