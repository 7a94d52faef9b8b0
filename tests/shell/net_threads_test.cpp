// The real Net against peers that lie in every way: one answer each time, of the honest kind.
#include "shell/net_threads.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "shell/runtime_threads.hpp"
#include "support/fake_peer.hpp"

using namespace tocsin;
using integrations::Answer;
using integrations::FileAppend;
using integrations::FileFind;
using integrations::HttpRequest;
using integrations::Request;
using test::FakePeer;
using test::RawSocket;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One: Two\r\n\r\nhi";

/// Sends all of them at once, each on its lane, and returns the answers in the order of requests.
std::vector<Answer> send_all(const std::vector<std::pair<shell::Lane, Request>>& requests) {
    shell::RuntimeThreads runtime;
    std::vector<Answer> answers(requests.size());
    std::vector<int> calls(requests.size(), 0);
    std::size_t answered = 0;
    shell::NetThreads net(runtime);
    runtime.post([&] {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            net.send(requests[i].first, requests[i].second, [&, i](Answer answer) {
                answers[i] = std::move(answer);
                ++calls[i];
                if (++answered == requests.size()) runtime.stop();
            });
        }
    });
    runtime.run();
    for (const int count : calls) CHECK(count == 1);
    return answers;
}

Answer send_one(Request request) {
    return send_all({{"lane", std::move(request)}}).front();
}

HttpRequest request_to(const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.body = "body";
    request.timeout = seconds(15);
    return request;
}

}  // namespace

TEST_CASE("an answer comes back with status, lower-case headers and body") {
    FakePeer peer([&](RawSocket& socket, int) {
        peer.note(socket.read_reply());
        socket.send(ok);
    });
    HttpRequest request = request_to(peer.url("/path?q=a%20b"));
    request.headers = {{"X-Key", "k"}, {"Content-Type", "application/json"}};
    const Answer answer = send_one(request);
    CHECK(answer.kind == Answer::Kind::answered);
    CHECK(answer.status == 200);
    CHECK(answer.body == "hi");
    CHECK(answer.header("x-one") == "Two");
    const std::string seen = peer.noted().at(0);
    CHECK(seen.starts_with("POST /path?q=a%20b HTTP/1.1\r\n"));
    CHECK(seen.find("X-Key: k\r\n") != std::string::npos);
    CHECK(seen.ends_with("\r\n\r\nbody"));
}

TEST_CASE("every lie of a peer is one honest answer") {
    struct Row {
        std::string sentence;
        std::string sends;
        bool waits;  // keeps the connection open afterwards
        Answer::Kind kind;
    };
    const std::vector<Row> rows = {
        {"closes without a word", "", false, Answer::Kind::broken},
        {"is silent for ever", "", true, Answer::Kind::broken},
        {"cuts the head", "HTTP/1.1 200 OK\r\nConte", false, Answer::Kind::broken},
        {"cuts the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", false,
         Answer::Kind::broken},
        {"never ends the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", true,
         Answer::Kind::broken},
        {"cuts a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi", false,
         Answer::Kind::broken},
        {"speaks no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", false, Answer::Kind::broken},
        {"sends an endless header",
         "HTTP/1.1 200 OK\r\nX: " + std::string(1'000'000, 'x') + "\r\n\r\n", false,
         Answer::Kind::broken},
        {"sends a body over the cap",
         "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2'000, 'x'), true,
         Answer::Kind::broken},
        {"sends chunks over the cap",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2'000, 'x') +
             "\r\n0\r\n\r\n",
         true, Answer::Kind::broken},
        {"sends a body without a length", "HTTP/1.1 200 OK\r\n\r\nhi", false,
         Answer::Kind::answered},
        {"redirects",
         "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", false,
         Answer::Kind::answered},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        FakePeer peer([&](RawSocket& socket, int) {
            peer.note(socket.read_reply());
            socket.send(row.sends);
            if (row.waits) socket.read_until_closed();
        });
        HttpRequest request = request_to(peer.url());
        if (row.waits) request.timeout = milliseconds(300);
        request.response_bytes_max = 1'000;
        const Answer answer = send_one(request);
        CHECK(answer.kind == row.kind);
        CHECK((answer.kind == Answer::Kind::answered) == answer.error.empty());
        CHECK(peer.noted().size() == 1);
    }
}

TEST_CASE("a dripping peer is cut off at the deadline") {
    FakePeer peer([](RawSocket& socket, int) {
        static_cast<void>(socket.read_reply());
        if (!socket.send("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")) return;
        while (socket.send("x")) std::this_thread::yield();
    });
    HttpRequest request = request_to(peer.url());
    request.timeout = milliseconds(200);
    request.response_bytes_max = 2'000'000'000;
    CHECK(send_one(request).kind == Answer::Kind::broken);
}

TEST_CASE("what certainly did not arrive is unreachable: refused, no such host, a bad request") {
    std::string closed;
    {
        FakePeer peer([](RawSocket&, int) {});
        closed = peer.url();
    }
    CHECK(send_one(request_to(closed)).kind == Answer::Kind::unreachable);
    for (const char* url : {"ftp://a/", "http://", "nonsense", "http://user:secret@host/",
                            "http://127.0.0.1:1/a b", "http://127.0.0.1:1/a\r\nX: y"}) {
        CAPTURE(std::string(url));
        const Answer answer = send_one(request_to(url));
        CHECK(answer.kind == Answer::Kind::unreachable);
        CHECK(answer.error.find("secret") == std::string::npos);
    }
    for (const char* value : {"key\n", "key\r\nX-Other: y", "a\x01z"}) {
        HttpRequest request = request_to(closed);
        request.headers = {{"Authorization", value}};
        const Answer answer = send_one(request);
        CHECK(answer.kind == Answer::Kind::unreachable);
        CHECK(answer.error.find("Authorization") != std::string::npos);
        CHECK(answer.error.find("key") == answer.error.find("key file"));
    }
}

TEST_CASE("a TLS peer that speaks no TLS received nothing") {
    FakePeer peer([](RawSocket& socket, int) {
        static_cast<void>(socket.read_some());
        socket.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    HttpRequest request = request_to("https" + peer.url().substr(4));
    CHECK(send_one(request).kind == Answer::Kind::unreachable);
}

TEST_CASE("a lane keeps its connection, and a connection that died meanwhile is replaced once") {
    FakePeer peer([&](RawSocket& socket, int number) {
        // The first connection answers two requests, and dies on the third without a byte.
        for (int i = 0; i < (number == 1 ? 2 : 9); ++i) {
            if (socket.read_reply().empty()) return;
            peer.note(std::to_string(number));
            socket.send(ok);
        }
        static_cast<void>(socket.read_reply());
    });
    std::vector<std::pair<shell::Lane, Request>> requests;
    for (int i = 0; i < 5; ++i) requests.emplace_back("lane", request_to(peer.url()));
    for (const Answer& answer : send_all(requests)) CHECK(answer.status == 200);
    CHECK(peer.noted() == std::vector<std::string>{"1", "1", "2", "2", "2"});
}

TEST_CASE("a hung lane holds up no other, and who waits in it is answered all the same") {
    FakePeer hung([](RawSocket& socket, int) { socket.read_until_closed(); });
    FakePeer good([](RawSocket& socket, int) {
        while (!socket.read_reply().empty()) socket.send(ok);
    });
    HttpRequest slow = request_to(hung.url());
    slow.timeout = milliseconds(300);
    const auto answers = send_all(
        {{"a", slow}, {"a", slow}, {"b", request_to(good.url())}, {"a", request_to(good.url())}});
    CHECK(answers[0].kind == Answer::Kind::broken);
    CHECK(answers[1].kind == Answer::Kind::broken);
    CHECK(answers[2].status == 200);
    CHECK(answers[3].status == 200);
}

TEST_CASE("ending the Net drops what is under way without an answer") {
    FakePeer hung([](RawSocket& socket, int) { socket.read_until_closed(); });
    shell::RuntimeThreads runtime;
    int calls = 0;
    {
        shell::NetThreads net(runtime);
        net.send("a", request_to(hung.url()), [&](const Answer&) { ++calls; });
    }
    runtime.post([&] { runtime.stop(); });
    runtime.run();
    CHECK(calls == 0);
}

TEST_CASE("lines are appended to files, a torn one is ended first, and they are found again") {
    char directory[] = "/tmp/tocsin-net-XXXXXX";
    REQUIRE(::mkdtemp(directory) != nullptr);
    const std::string path = std::string(directory) + "/lines";
    CHECK(send_one(FileFind{.path = path, .text = "one"}).status == 404);
    CHECK(send_one(FileAppend{.path = path, .line = "one"}).status == 200);
    std::ofstream(path, std::ios::app) << "torn";
    CHECK(send_one(FileAppend{.path = path, .line = "two"}).status == 200);
    std::ifstream file(path);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    CHECK(text == "one\ntorn\ntwo\n");
    std::ofstream(path, std::ios::app) << std::string(65'536 - 16, 'x') << "needle\n";
    CHECK(send_one(FileFind{.path = path, .text = "needle"}).status == 200);
    CHECK(send_one(FileFind{.path = path, .text = "absent"}).status == 404);
    const Answer bad = send_one(FileAppend{.path = path + "/below", .line = "x"});
    CHECK(bad.status == 500);
    CHECK(bad.error.find(path) != std::string::npos);
    CHECK(send_one(FileAppend{.path = "/dev/full", .line = "x"}).status == 507);
    std::filesystem::remove_all(directory);
}
