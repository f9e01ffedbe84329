// make_test_cluster DIRECTORY: makes the cluster that tests copy. CTest runs it before them.

#include <cstdio>
#include <exception>

#include "tests/support/postgres_fixture.hpp"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: make_test_cluster DIRECTORY\n");
        return 2;
    }
    try {
        fanion::test::make_test_cluster(argv[1]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "make_test_cluster: %s\n", error.what());
        return 1;
    }
}
