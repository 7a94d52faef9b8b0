// The simulated Net: lanes, faults and crashes in virtual time.
#include "shell/net_simulated.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tocsin;
using integrations::Answer;
using integrations::FileAppend;
using integrations::FileFind;
using integrations::HttpRequest;
using shell::Faults;
using shell::NetSimulated;
using shell::RuntimeSimulated;

namespace {

const Instant start = Instant(hours(24));

Answer accepted(const HttpRequest& request) {
    Answer answer;
    answer.status = 200;
    answer.body = request.body;
    return answer;
}

HttpRequest request_with(const std::string& body) {
    HttpRequest request;
    request.url = "http://pager/v2";
    request.body = body;
    return request;
}

struct World {
    explicit World(Faults faults, std::uint64_t seed = 1)
        : runtime(start, seed), net(runtime, seed) {
        net.peer("http://pager/", accepted, faults);
    }
    Answer send(integrations::Request request) {
        int calls = 0;
        Answer got;
        net.send("lane", std::move(request), [&](Answer answer) {
            ++calls;
            got = std::move(answer);
        });
        runtime.run_for(minutes(5));
        CHECK(calls == 1);
        return got;
    }
    RuntimeSimulated runtime;
    NetSimulated net;
};

}  // namespace

TEST_CASE("a peer is found by the longest prefix of its URL, and an unknown one is unreachable") {
    World world({});
    world.net.peer("http://pager/v2", [](const HttpRequest&) {
        Answer answer;
        answer.status = 202;
        return answer;
    });
    CHECK(world.send(request_with("x")).status == 202);
    HttpRequest elsewhere = request_with("x");
    elsewhere.url = "http://nowhere/";
    CHECK(world.send(elsewhere).kind == Answer::Kind::unreachable);
    CHECK(world.net.received().size() == 1);
}

TEST_CASE("each fault shows the sender and the peer what it promises") {
    struct Row {
        std::string sentence;
        Faults faults;
        Answer::Kind kind;
        std::size_t received;
    };
    const std::vector<Row> rows = {
        {"refused: nobody received it", {.refused = 1}, Answer::Kind::unreachable, 0},
        {"lost before: nobody received it", {.lost_before = 1}, Answer::Kind::broken, 0},
        {"lost after: received all the same", {.lost_after = 1}, Answer::Kind::broken, 1},
        {"duplicated: received twice", {.duplicated = 1}, Answer::Kind::answered, 2},
        {"slower than the timeout: received, but too late for the sender",
         {.delay_min = seconds(60), .delay_max = seconds(60)},
         Answer::Kind::broken,
         1},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        World world(row.faults);
        CHECK(world.send(request_with("x")).kind == row.kind);
        CHECK(world.net.received().size() == row.received);
    }
}

TEST_CASE("a lane sends one request at a time in order, and other lanes do not wait for it") {
    World world({.delay_min = seconds(1), .delay_max = seconds(1)});
    std::string order;
    for (const char* body : {"1", "2", "3"}) {
        world.net.send("a", request_with(body),
                       [&](const Answer& answer) { order += answer.body; });
    }
    world.net.send("b", request_with("b"), [&](const Answer& answer) { order += answer.body; });
    world.runtime.run_for(milliseconds(1'500));
    CHECK((order == "1b" || order == "b1"));
    world.runtime.run_for(seconds(5));
    CHECK(order.substr(2) == "23");
}

TEST_CASE("a crash forgets the answers, not what the peers received") {
    World world({.delay_min = seconds(2), .delay_max = seconds(2)});
    int calls = 0;
    world.net.send("a", request_with("x"), [&](const Answer&) { ++calls; });
    world.runtime.run_for(milliseconds(1'500));
    world.net.crash();
    world.runtime.run_for(seconds(5));
    CHECK(calls == 0);
    CHECK(world.net.received().size() == 1);
    CHECK(world.send(request_with("y")).status == 200);
}

TEST_CASE("the same seed gives the same run, another seed another one") {
    const auto run = [](std::uint64_t seed) {
        World world({.delay_max = seconds(9),
                     .refused = 0.2,
                     .lost_before = 0.2,
                     .lost_after = 0.2,
                     .duplicated = 0.2},
                    seed);
        std::string story;
        for (int i = 0; i < 20; ++i) {
            story += std::to_string(static_cast<int>(world.send(request_with("x")).kind));
        }
        return story + ' ' + std::to_string(world.net.received().size());
    };
    CHECK(run(1) == run(1));
    CHECK(run(1) != run(2));
}

TEST_CASE("files are appended to, found, and fail on demand") {
    World world({});
    CHECK(world.send(FileFind{.path = "f", .text = "one"}).status == 404);
    CHECK(world.send(FileAppend{.path = "f", .line = "line one"}).status == 200);
    CHECK(world.send(FileFind{.path = "f", .text = "one"}).status == 200);
    world.net.file_status("f", 507);
    CHECK(world.send(FileAppend{.path = "f", .line = "two"}).status == 507);
    world.net.file_status("f", 200);
    CHECK(world.send(FileAppend{.path = "f", .line = "two"}).status == 200);
    CHECK(world.net.file("f") == std::vector<std::string>{"line one", "two"});
}
