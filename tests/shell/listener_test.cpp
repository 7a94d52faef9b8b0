// The listener as HTTP clients meet it: requests, replies, connections, refusals, stopping.
#include "shell/listener.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "support/echo_listener.hpp"
#include "support/raw_socket.hpp"

using namespace tocsin;
using test::body_of;
using test::EchoListener;
using test::RawSocket;
using test::status_of;

namespace {

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string post(const std::string& target, const std::string& body,
                 const std::string& fields = "") {
    return "POST " + target + " HTTP/1.1\r\nHost: a\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string chunked(const std::string& target, const std::string& chunks) {
    return "POST " + target + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
}

/// What one fresh connection gets for these bytes, until the server closes or has replied once.
std::string reply_to(const EchoListener& server, const std::string& bytes) {
    RawSocket socket(server.port());
    socket.send(bytes);
    return socket.read_reply();
}

}  // namespace

TEST_CASE("requests are read and answered") {
    EchoListener server;
    struct Row {
        std::string sentence;
        std::string request;
        std::string body;
    };
    const std::vector<Row> rows = {
        {"a GET without a body", get("/echo"), "GET /echo|"},
        {"path and query are decoded", get("/a%20b?x=1%262&y=a+b&flag"),
         "GET /a b x=1&2 y=a b flag=|"},
        {"an absolute target", get("http://host:1/echo?q=1"), "GET /echo q=1|"},
        {"a body by length", post("/echo", "hello"), "POST /echo|hello"},
        {"a chunked body with an extension and a trailer",
         chunked("/echo", "5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX: y\r\n\r\n"),
         "POST /echo|hello world"},
        {"an empty body", post("/echo", ""), "POST /echo|"},
        {"an empty line before the request", "\r\n" + get("/echo"), "GET /echo|"},
        {"identity is no encoding", post("/echo", "x", "Content-Encoding: identity\r\n"),
         "POST /echo|x"},
        {"an unknown method is the handler's affair", "BREW /echo HTTP/1.1\r\nHost: a\r\n\r\n",
         "BREW /echo|"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        const std::string reply = reply_to(server, row.request);
        CHECK(status_of(reply) == 200);
        CHECK(body_of(reply) == row.body);
    }
    const std::string reply = reply_to(server, get("/-/healthy"));
    CHECK(reply.find("X-Content-Type-Options: nosniff\r\n") != std::string::npos);
    CHECK(server.refusals().empty());
}

TEST_CASE("what cannot be taken is refused with the right status, and the refusal is reported") {
    EchoListener server;
    struct Row {
        std::string sentence;
        std::string request;
        int status;
        const char* told;  // the beginning of what on_refused hears; null: nothing
    };
    const std::string host = "Host: a\r\n";
    const std::vector<Row> rows = {
        {"not HTTP at all", "\x16\x03\x01\x02 hello\r\n\r\n", 400, "400 "},
        {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "400 "},
        {"a request line alone", "GET /\r\n\r\n", 400, "400 "},
        {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "400 "},
        {"two Hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400, "400 "},
        {"a broken escape", get("/%zz"), 400, "400 "},
        {"a NUL in the path", get("/%00"), 400, "400 "},
        {"a target that is no path", get("no-slash"), 400, "400 "},
        {"two equal lengths",
         "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400,
         "400 "},
        {"two different lengths",
         "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 9\r\n\r\nx", 400,
         "400 "},
        {"a list of lengths", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1, 1\r\n\r\nx",
         400, "400 "},
        {"a negative length", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400,
         "400 "},
        {"a length beyond 64 bits",
         "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999999\r\n\r\n", 400,
         "400 "},
        {"length, then chunked",
         "POST /echo HTTP/1.1\r\n" + host +
             "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         400, "400 "},
        {"chunked, then length",
         "POST /echo HTTP/1.1\r\n" + host +
             "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
         400, "400 "},
        {"chunked twice",
         "POST /echo HTTP/1.1\r\n" + host +
             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         400, "400 "},
        {"a transfer encoding that hides chunked",
         "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400,
         "400 "},
        {"a space before the colon",
         "POST /echo HTTP/1.1\r\n" + host + "Content-Length : 5\r\n\r\nhello", 400, "400 "},
        {"a chunk size that is no number", chunked("/echo", "zz\r\nhello\r\n0\r\n\r\n"), 400,
         "400 /echo"},
        {"a compressed body", post("/echo", "x", "Content-Encoding: gzip\r\n"), 415, "415 /echo"},
        {"another expectation", post("/echo", "x", "Expect: tea\r\n"), 417, "417 /echo"},
        {"a body over the bound, by its length alone",
         "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1048577\r\n\r\n", 413, "413 /echo"},
        {"a head over 8 KiB", get("/" + std::string(9'000, 'a')), 431, "431 "},
        {"what the admission refuses", get("/closed"), 401, nullptr},
        {"what the admission refuses, with a body", post("/closed", "secret"), 401, nullptr},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        const std::size_t before = server.refusals().size();
        const std::string reply = reply_to(server, row.request);
        CHECK(status_of(reply) == row.status);
        const auto refusals = server.refusals();
        REQUIRE(refusals.size() == before + (row.told == nullptr ? 0 : 1));
        if (row.told != nullptr) CHECK(refusals.back().starts_with(row.told));
    }
    CHECK(status_of(reply_to(server, get("/-/healthy"))) == 200);
}

TEST_CASE("a body of exactly the bound is taken, one byte more is not, chunked or not") {
    EchoListener server({}, 100);
    const std::string fits(100, 'x');
    CHECK(status_of(reply_to(server, post("/echo", fits))) == 200);
    CHECK(status_of(reply_to(server, chunked("/echo", "64\r\n" + fits + "\r\n0\r\n\r\n"))) == 200);
    CHECK(status_of(reply_to(server, post("/echo", fits + "x"))) == 413);
    CHECK(status_of(reply_to(server, chunked("/echo", "65\r\n" + fits + "x\r\n0\r\n\r\n"))) == 413);
}

TEST_CASE("a client that sends a large refused body to its end still sees the 413") {
    EchoListener server({}, 1'000);
    RawSocket socket(server.port());
    REQUIRE(socket.send(post("/echo", std::string(8U << 20U, 'x'))));
    CHECK(status_of(socket.read_until_closed()) == 413);
}

TEST_CASE("one connection serves many requests, also when they come pipelined") {
    EchoListener server;
    RawSocket socket(server.port());
    constexpr int count = 2'000;
    std::string all;
    for (int i = 0; i < count; ++i) {
        all += i % 2 == 0 ? get("/n" + std::to_string(i)) : post("/n" + std::to_string(i), "body");
    }
    std::thread sender([&] { socket.send(all); });
    int in_order = 0;
    for (int i = 0; i < count; ++i) {
        const std::string body = body_of(socket.read_reply());
        const std::string path = "/n" + std::to_string(i);
        in_order += body == (i % 2 == 0 ? "GET " + path + '|' : "POST " + path + "|body") ? 1 : 0;
    }
    sender.join();
    CHECK(in_order == count);
}

TEST_CASE("HEAD is answered without a body, and the connection goes on") {
    EchoListener server;
    RawSocket socket(server.port());
    socket.send("HEAD /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string head = socket.read_reply(false);
    CHECK(status_of(head) == 200);
    socket.send(get("/-/healthy"));
    CHECK(body_of(socket.read_reply()) == "OK\n");
}

TEST_CASE("a client that waits for 100 Continue gets it, and a refused one gets the refusal") {
    EchoListener server;
    const std::string head =
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
    RawSocket socket(server.port());
    socket.send(head + "5\r\n\r\n");
    CHECK(socket.read_reply() == "HTTP/1.1 100 Continue\r\n\r\n");
    socket.send("hello");
    CHECK(body_of(socket.read_reply()) == "POST /echo|hello");
    socket.connect(server.port());
    socket.send(head + "99999999\r\n\r\n");
    CHECK(status_of(socket.read_reply()) == 413);
}

TEST_CASE("a client that has closed its side still gets its reply") {
    EchoListener server;
    RawSocket socket(server.port());
    socket.send(get("/echo"));
    socket.half_close();
    CHECK(body_of(socket.read_until_closed()) == "GET /echo|");
}

TEST_CASE("Connection: close and HTTP/1.0 end the connection after the reply") {
    EchoListener server;
    for (const char* request : {"GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                                "GET /echo HTTP/1.0\r\n\r\n"}) {
        RawSocket socket(server.port());
        socket.send(request);
        const std::string reply = socket.read_until_closed();
        CHECK(body_of(reply) == "GET /echo|");
        CHECK(reply.find("Connection: close\r\n") != std::string::npos);
    }
}

TEST_CASE("an answer may come later, from any thread, and a forgotten one is a 500") {
    EchoListener server;
    RawSocket forgotten(server.port());
    forgotten.send(get("/forget"));
    CHECK(status_of(forgotten.read_reply()) == 500);
    std::vector<RawSocket> sockets;
    for (int i = 0; i < 200; ++i) {
        sockets.emplace_back(server.port());
        sockets.back().send(get("/later"));
    }
    while (server.waiting() < sockets.size()) std::this_thread::yield();
    sockets.front().close();  // its answer finds nobody
    server.answer_later("now");
    for (std::size_t i = 1; i < sockets.size(); ++i)
        CHECK(body_of(sockets[i].read_reply()) == "now");
}

TEST_CASE("a large reply arrives whole at a client that reads slowly") {
    EchoListener server;
    RawSocket socket(server.port());
    socket.send(get("/big") + get("/echo"));
    CHECK(body_of(socket.read_reply()).size() == 4U << 20U);
    CHECK(body_of(socket.read_reply()) == "GET /echo|");
}

TEST_CASE("stopping lets a request under way finish, and takes no new connection") {
    EchoListener server;
    RawSocket busy(server.port());
    RawSocket idle(server.port());
    busy.send(get("/later"));
    idle.send(get("/echo"));
    CHECK(status_of(idle.read_reply()) == 200);
    while (server.waiting() == 0) std::this_thread::yield();
    server.listener->drain();
    CHECK(idle.read_some().empty());
    RawSocket late;
    while (late.connect(server.port())) std::this_thread::yield();
    server.answer_later("done");
    const std::string reply = busy.read_until_closed();
    CHECK(body_of(reply) == "done");
    CHECK(reply.find("Connection: close\r\n") != std::string::npos);
    busy.close();
    server.listener->stop(seconds(20));
    CHECK(server.listener->connections() == 0);
}

TEST_CASE("an answer given after the listener is gone does nothing") {
    shell::Reply kept;
    {
        EchoListener server;
        RawSocket socket(server.port());
        socket.send(get("/later"));
        while (server.waiting() == 0) std::this_thread::yield();
        kept = server.later.front();
        server.later.clear();
    }
    kept(shell::HttpReply::text(200, "too late"));
}

TEST_CASE("an address that cannot be listened on is an error that says why") {
    const auto admit = [](const shell::HttpIn&) { return shell::Admission{}; };
    const auto handle = [](shell::HttpIn, const shell::Reply& reply) { reply({}); };
    for (const char* address :
         {"nonsense", "127.0.0.1", "127.0.0.1:x", "1:2:3", "127.0.0.1:70000"}) {
        CAPTURE(address);
        shell::ListenOptions options;
        options.address = address;
        auto opened = shell::listen(options, admit, handle, {});
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == "bad_address");
    }
    EchoListener server;
    shell::ListenOptions options;
    options.address = "127.0.0.1:" + std::to_string(server.port());
    auto opened = shell::listen(options, admit, handle, {});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == "address_in_use");
    CHECK(opened.error().message.find(options.address) != std::string::npos);
}

TEST_CASE("an inherited socket serves, and what is no listening socket is refused") {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    shell::ListenOptions options;
    options.inherited_fd = descriptor;
    const auto admit = [](const shell::HttpIn&) { return shell::Admission{}; };
    const auto handle = [](shell::HttpIn, const shell::Reply& reply) {
        reply(shell::HttpReply::text(200, "inherited"));
    };
    CHECK_FALSE(shell::listen(options, admit, handle, {}));
    REQUIRE(::listen(descriptor, 16) == 0);
    auto opened = shell::listen(options, admit, handle, {});
    REQUIRE(opened);
    RawSocket socket((*opened)->port());
    socket.send(get("/"));
    CHECK(body_of(socket.read_reply()) == "inherited");
}
