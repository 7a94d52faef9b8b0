// Attacks on the listener: slow sockets, floods, storms; what is asserted is answers and memory.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "support/echo_listener.hpp"
#include "support/raw_socket.hpp"

using namespace tocsin;
using test::EchoListener;
using test::RawSocket;
using test::status_of;

namespace {

const std::string health = "GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string body_head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ";

std::size_t resident_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return static_cast<std::size_t>(std::stoul(line.substr(6)));
    }
    return 0;
}

bool is_healthy(const EchoListener& server) {
    RawSocket socket(server.port());
    socket.send(health);
    return status_of(socket.read_reply()) == 200;
}

/// How many connections this process can hold both ends of, at most `wanted`.
std::size_t pairs_that_fit(std::size_t wanted) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return std::min(wanted, static_cast<std::size_t>((limit.rlim_cur - 512) / 2));
}

}  // namespace

TEST_CASE("500 slow sockets of each kind hold up nobody, and memory stays flat") {
    EchoListener server;
    const std::size_t before = resident_kib();
    std::vector<RawSocket> sockets;
    for (int i = 0; i < 500; ++i) {
        sockets.emplace_back(server.port());  // silent
        sockets.emplace_back(server.port());  // drips its head
        sockets.back().send("POST /echo HTTP/1.1\r\nHo");
        sockets.emplace_back(server.port());  // drips its body
        sockets.back().send(body_head + "1000000\r\n\r\nx");
    }
    CHECK(is_healthy(server));
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 1; i < sockets.size(); ++i) {
            if (i % 3 != 0) sockets[i].send("s");
        }
        CHECK(is_healthy(server));
    }
    CHECK(server.listener->connections() >= sockets.size());
    CHECK(resident_kib() < before + 40 * 1024);
}

TEST_CASE("slow heads and bodies are ended by absolute deadlines, however they drip") {
    shell::ListenOptions options;
    options.limits.head_within = milliseconds(100);
    options.limits.body_within = milliseconds(100);
    options.limits.idle_within = milliseconds(100);
    options.limits.answer_within = milliseconds(100);
    options.limits.linger_within = milliseconds(100);
    EchoListener server(options, 1'000);
    RawSocket silent(server.port());
    CHECK(silent.read_until_closed().empty());
    for (const std::string& begins :
         {std::string("GET / HTTP/1.1\r\nX: "), body_head + "1000\r\n\r\n"}) {
        RawSocket dripping(server.port());
        dripping.send(begins);
        std::string reply;
        while (reply.empty() && dripping.send("x")) {
            pollfd wait{.fd = dripping.descriptor(), .events = POLLIN, .revents = 0};
            if (::poll(&wait, 1, 5) == 1) reply = dripping.read_reply();
        }
        CHECK(status_of(reply) == 408);
    }
    RawSocket idle(server.port());
    idle.send(health);
    CHECK(status_of(idle.read_reply()) == 200);
    CHECK(idle.read_some().empty());
    RawSocket unanswered(server.port());
    unanswered.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(status_of(unanswered.read_until_closed()) == 503);
    server.answer_later("too late for anybody");
    CHECK(is_healthy(server));
}

TEST_CASE("endless heads and bodies are cut off without being held in memory") {
    EchoListener server;
    const std::size_t before = resident_kib();
    const std::string megabyte(1U << 20U, 'a');
    const auto flood = [&](const std::string& begins, const std::string& piece, int pieces) {
        RawSocket socket(server.port());
        bool open = socket.send(begins);
        for (int i = 0; i < pieces && open; ++i) open = socket.send(piece);
        CHECK(is_healthy(server));
        return status_of(socket.read_reply());
    };
    std::string headers;
    for (int i = 0; i < 10'000; ++i) headers += "X-H" + std::to_string(i) + ": y\r\n";
    std::string chunks;
    for (int i = 0; i < 16; ++i) chunks += "10000\r\n" + std::string(65'536, 'b') + "\r\n";
    const auto refused = [](int status, int expected) { return status == expected || status == 0; };
    CHECK(refused(flood("GET / HTTP/1.1\r\nX: ", megabyte, 100), 431));
    CHECK(refused(flood("GET / HTTP/1.1\r\n", headers, 100), 431));
    CHECK(refused(
        flood("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", chunks, 50),
        413));
    CHECK(refused(flood("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;",
                        megabyte, 10),
                  400));
    CHECK(refused(flood(body_head + "50000000\r\n\r\n", megabyte, 50), 413));
    CHECK(server.refusals().size() == 5);
    CHECK(resident_kib() < before + 40 * 1024);
}

TEST_CASE("bodies in flight are bounded together, and the bound is free again afterwards") {
    shell::ListenOptions options;
    options.limits.bodies_in_flight_bytes_max = 1U << 20U;
    EchoListener server(options, 1U << 20U);
    const std::string half(700'000, 'x');
    RawSocket first(server.port());
    first.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 700000\r\n\r\n" + half);
    while (server.waiting() == 0) std::this_thread::yield();
    RawSocket second(server.port());
    second.send(body_head + "700000\r\n\r\n" + half);
    CHECK(status_of(second.read_reply()) == 503);
    CHECK(is_healthy(server));
    server.answer_later("done");
    CHECK(status_of(first.read_reply()) == 200);
    second.connect(server.port());
    second.send(body_head + "700000\r\n\r\n" + half);
    CHECK(status_of(second.read_reply()) == 200);
}

TEST_CASE("at the connection bound the connection that has been idle longest makes room") {
    shell::ListenOptions options;
    options.limits.connections_max = 50;
    options.io_threads = 1;
    EchoListener server(options);
    std::vector<RawSocket> sockets;
    for (int i = 0; i < 50; ++i) {
        sockets.emplace_back(server.port());
        if (i == 0) {
            sockets[0].send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
            while (server.waiting() == 0) std::this_thread::yield();
        }
    }
    for (int i = 0; i < 20; ++i) CHECK(is_healthy(server));
    CHECK(sockets[1].read_some().empty());  // the oldest idle one is gone
    server.answer_later("the busy one was spared");
    CHECK(status_of(sockets[0].read_reply()) == 200);
}

TEST_CASE("a remote peer without a token is capped, loopback is not") {
    for (const bool capped : {true, false}) {
        shell::ListenOptions options;
        options.limits.untrusted_connections_per_peer_max = 5;
        options.loopback_is_capped = capped;
        EchoListener server(options);
        std::vector<RawSocket> sockets;
        int served = 0;
        for (int i = 0; i < 8; ++i) {
            sockets.emplace_back(server.port());
            sockets.back().send(health);
            served += status_of(sockets.back().read_reply()) == 200 ? 1 : 0;
        }
        CHECK(served == (capped ? 5 : 8));
    }
}

TEST_CASE("a storm of thousands of connections at once is served whole, in little memory") {
    EchoListener server;
    const std::size_t count = pairs_that_fit(8'000);
    const std::size_t before = resident_kib();
    std::vector<RawSocket> sockets;
    sockets.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        sockets.emplace_back(server.port());
        sockets.back().send(body_head + "4\r\n\r\nbody");
    }
    std::size_t served = 0;
    for (RawSocket& socket : sockets) served += status_of(socket.read_reply()) == 200 ? 1 : 0;
    CHECK(served == count);
    CHECK(resident_kib() < before + 60 * 1024);
}
