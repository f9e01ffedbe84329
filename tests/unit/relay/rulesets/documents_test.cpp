#include "relay/rulesets/documents.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "common/base/compression.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/unit/relay/rulesets/relayed_environment.hpp"

using namespace fanion;
using namespace fanion::test;
using namespace fanion::relay::rulesets;

namespace {

struct Rig {
    RelayedEnvironment environment;
    boost::asio::io_context context;
    net::BlockingPool pool{2};
    Documents documents{pool};
    ~Rig() { pool.join(); }

    std::string whole(View view, Form form) {
        return *run_coroutine(context, documents.whole(environment.state, view, form));
    }
};

}  // namespace

TEST_CASE("a document is encoded once for all who ask for it at the same time") {
    Rig rig;
    const std::size_t bytes_of_segment = GENERATE(std::size_t{10}, std::size_t{60'000});  // made in place; on the pool
    rig.environment.signed_env.put("segment/s", R"({"key":"s","version":1,"included":[{"attribute":"a","values":[")" +
                                                    std::string(bytes_of_segment, 'v') +
                                                    R"("]}],"excluded":[],"rules":[]})");
    rig.environment.take_full();
    std::vector<net::SharedBytes> got;
    for (int i = 0; i < 100; ++i) {
        boost::asio::co_spawn(rig.context, rig.documents.whole(rig.environment.state, View::server, Form::event),
                              [&](std::exception_ptr failure, net::SharedBytes bytes) {
                                  CHECK_FALSE(failure);
                                  got.push_back(std::move(bytes));
                              });
    }
    run_until(rig.context, [&] { return got.size() == 100; });
    CHECK(rig.documents.made() == 1);
    for (const auto& bytes : got) CHECK(bytes == got.front());
    CHECK(got.front()->starts_with("event: put\nid: e_1:1763719200.1\ndata: {"));
}

TEST_CASE("each view and each form is a document of its own, and the same bytes under a coding") {
    Rig rig;
    rig.environment.put_client_key(true);
    rig.environment.take_full();
    const auto plain = rig.whole(View::server, Form::document);
    CHECK(plain == full_document(*rig.environment.state, View::server));
    CHECK(rig.whole(View::client, Form::document) == full_document(*rig.environment.state, View::client));
    CHECK(decompress(Encoding::gzip, rig.whole(View::server, Form::gzip), 1 << 20).value() == plain);
    CHECK(decompress(Encoding::zstd, rig.whole(View::server, Form::zstd), 1 << 20).value() == plain);
    CHECK(rig.documents.made() == 4);
    rig.whole(View::server, Form::zstd);
    CHECK(rig.documents.made() == 4);
}

TEST_CASE("a newer version takes the place of the older one, which is made again for whoever still asks") {
    Rig rig;
    rig.environment.take_full();
    const auto old = rig.environment.state;
    rig.whole(View::server, Form::document);
    rig.environment.put_flag("open", false);
    rig.environment.take_delta();
    const auto newer = rig.whole(View::server, Form::document);
    CHECK(newer == full_document(*rig.environment.state, View::server));
    CHECK(*run_coroutine(rig.context, rig.documents.whole(old, View::server, Form::document)) ==
          full_document(*old, View::server));
    CHECK(rig.documents.made() == 3);
    CHECK(rig.whole(View::server, Form::document) == newer);
    CHECK(rig.documents.made() == 3);
}

TEST_CASE("the event of a step is a patch") {
    Rig rig;
    rig.environment.take_full();
    rig.environment.put_flag("open", false);
    rig.environment.take_delta();
    const auto& step = rig.environment.state->steps.back();
    const auto bytes = run_coroutine(rig.context, rig.documents.step("e_1", step, View::server, Form::event));
    CHECK(bytes->starts_with("event: patch\nid: e_1:1763719200.2\ndata: {"));
    CHECK(run_coroutine(rig.context, rig.documents.step("e_1", step, View::server, Form::event)) == bytes);
}
