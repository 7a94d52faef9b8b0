// The real Net against peers that lie in every way: one answer each time, of the honest kind.
#include "shell/net_threads.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/net_requests.hpp"

using namespace tocsin;
using integrations::Answer;
using integrations::FileAppend;
using integrations::FileFind;
using integrations::HttpRequest;
using integrations::Request;
using test::FakePeer;
using test::RawSocket;
using test::request_to;
using test::send_all;
using test::send_one;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One: Two\r\n\r\nhi";

std::string repeated(const std::string& text, std::size_t times) {
    std::string all;
    all.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

struct Hostile {
    std::string sentence;
    std::string sends;
    std::string says;
};

/// Each with a cap of 1,000 bytes; `says` is a part of the error.
void check_refused(const std::vector<Hostile>& rows) {
    for (const Hostile& row : rows) {
        CAPTURE(row.sentence);
        FakePeer peer([&](RawSocket& socket, int) {
            static_cast<void>(socket.read_reply());
            socket.send(row.sends);
        });
        HttpRequest request = request_to(peer.url());
        request.response_bytes_max = 1'000;
        const Answer answer = send_one(request);
        CHECK(answer.kind == Answer::Kind::broken);
        CAPTURE(answer.error);
        CHECK(answer.error.find(row.says) != std::string::npos);
    }
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

TEST_CASE("no head overflows, misleads or outlasts the parser, and the reason is said") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const std::string status_line = "a status line of over 512 bytes";
    const std::string many = "a head of over 65536 bytes";
    const std::vector<Hostile> rows = {
        {"sends a status line of 1 MB", "HTTP/1.1 200 " + std::string(1'000'000, 'x') + "\r\n\r\n",
         status_line},
        {"never ends the status line", "HTTP/1.1 200 " + std::string(1'000'000, 'x'), status_line},
        {"sends 1 MB of rubbish", std::string(1'000'000, '\xFF'), status_line},
        {"sends a header of 1 MB", head + "X: " + std::string(1'000'000, 'x') + "\r\n\r\n", many},
        {"sends a header over the line's bound",
         head + "X: " + std::string(8'192, 'x') + "\r\n\r\n", "a header of over 8192 bytes"},
        {"sends 100,000 headers", head + repeated("X: y\r\n", 100'000) + "\r\n", many},
        {"says 100 Continue for ever", repeated("HTTP/1.1 100 Continue\r\n\r\n", 100'000), many},
        {"says 103 Early Hints for ever", repeated("HTTP/1.1 103 Hints\r\n\r\n", 100'000), many},
        {"switches protocols", "HTTP/1.1 101 Switching Protocols\r\n\r\n", "another protocol"},
        {"speaks HTTP/2", "HTTP/2 200\r\n\r\n", "does not speak HTTP/1.1"},
        {"sends a status of two digits", "HTTP/1.1 20\r\n\r\n", "does not speak HTTP/1.1"},
        {"sends a status of four digits", "HTTP/1.1 2000\r\n\r\n", "does not speak HTTP/1.1"},
        {"sends a status below 100", "HTTP/1.1 099 x\r\n\r\n", "does not speak HTTP/1.1"},
        {"sends a NUL in the status line", "HTTP/1.1 200 O" + std::string(1, '\0') + "\r\n\r\n",
         "a control character"},
        {"sends a NUL in a header", head + "X: a" + std::string(1, '\0') + "b\r\n\r\n",
         "a control character"},
        {"sends a lone line feed", head + "X: a\nY: b\r\n\r\n", "a control character"},
        {"sends a header without a colon", head + "nonsense\r\n\r\n", "a header that is none"},
        {"sends a folded header", head + "X: a\r\n b: c\r\n\r\n", "a header that is none"},
        {"sends a negative length", head + "Content-Length: -1\r\n\r\nhi", "no length"},
        {"sends a length of no digits", head + "Content-Length: many\r\n\r\nhi", "no length"},
        {"sends an empty length", head + "Content-Length:\r\n\r\nhi", "no length"},
        {"sends a length beyond 64 bits", head + "Content-Length: 99999999999999999999\r\n\r\nhi",
         "no length"},
        {"sends two lengths", head + "Content-Length: 2\r\ncontent-length: 3\r\n\r\nhi",
         "two Content-Lengths"},
        {"sends a coding of its own", head + "Transfer-Encoding: gzip, chunked\r\n\r\n",
         "other than chunked"},
    };
    check_refused(rows);
}

TEST_CASE("no body overflows, misleads or outlasts the parser, and the reason is said") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
    const std::vector<Hostile> rows = {
        {"sends a body over the cap",
         head + "Content-Length: 999999999\r\n\r\n" + std::string(9'999, 'x'),
         "is over 1000 bytes"},
        {"sends a chunk size beyond 64 bits", chunked + "FFFFFFFFFFFFFFFFF\r\nhi", ""},
        {"sends a negative chunk size", chunked + "-5\r\nhi", ""},
        {"sends a chunk size just below 2^64",
         chunked + "fffffffffffffffe\r\n" + std::string(9'999, 'x'), "is over 1000 bytes"},
        {"sends no chunk size", chunked + "\r\n\r\n", ""},
        {"never ends a chunk size", chunked + std::string(1'000'000, '0'), "an endless line"},
        {"never ends a chunk extension", chunked + "2;" + std::string(1'000'000, 'x'),
         "an endless line"},
        {"sends more than a chunk's size", chunked + "2\r\nhiXX\r\n0\r\n\r\n",
         "chunks that do not fit"},
        {"sends rubbish for the last chunk", chunked + "2\r\nhi\r\n0\r\nXX", ""},
    };
    check_refused(rows);
}

TEST_CASE("interim answers, chunks and odd but lawful heads are read as what they mean") {
    struct Row {
        std::string sentence;
        std::string sends;
        std::string body;
    };
    const std::string chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n";
    const std::vector<Row> rows = {
        {"interim answers first",
         "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n" + ok, "hi"},
        {"no reason phrase", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", "hi"},
        {"a long reason phrase",
         "HTTP/1.1 200 " + std::string(499, 'x') + "\r\nContent-Length: 2\r\n\r\nhi", "hi"},
        {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhi", "hi"},
        {"the same length twice",
         "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", "hi"},
        {"chunks with an extension", chunked + "1;a=b\r\nh\r\n1\r\ni\r\n0\r\n\r\n", "hi"},
        {"many chunks of one byte", chunked + repeated("1\r\nx\r\n", 1'000) + "0\r\n\r\n",
         std::string(1'000, 'x')},
        {"a body that is a NUL",
         "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::string(1, '\0'),
         std::string(1, '\0')},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        FakePeer peer([&](RawSocket& socket, int) {
            static_cast<void>(socket.read_reply());
            socket.send(row.sends);
        });
        HttpRequest request = request_to(peer.url());
        request.response_bytes_max = 1'000;
        const Answer answer = send_one(request);
        CAPTURE(answer.error);
        CHECK(answer.status == 200);
        CHECK(answer.body == row.body);
    }
}

TEST_CASE("what a peer says beyond its answer is never the answer of the next request") {
    const std::string late = "HTTP/1.1 500 Late\r\nContent-Length: 0\r\n\r\n";
    FakePeer peer([&](RawSocket& socket, int number) {
        peer.note(std::to_string(number));
        for (bool first = true; !socket.read_reply().empty(); first = false) {
            socket.send(number == 1 && first ? ok + late : ok);
        }
    });
    const auto answers = send_all({{"a", request_to(peer.url())}, {"a", request_to(peer.url())}});
    CHECK(answers[0].status == 200);
    CHECK(answers[1].status == 200);
    CHECK(peer.noted() == std::vector<std::string>{"1", "2"});
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
                            "http://host:port/", "http://host:0/", "http://host:65536/",
                            "http://host:80x/", "http://[::1/", "http://[::1]x/", "http://:80/",
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
