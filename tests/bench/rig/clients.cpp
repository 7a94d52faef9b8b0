// Posts and answers on the loop; whatever is not a 2xx ends the measurement with a sentence.
#include "clients.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

namespace tocsin::bench {
namespace {

constexpr double fetch_within_us = 30e6;
constexpr double look_every_us = 20e3;

struct Progress {
    const Posting& posting;
    std::size_t sent = 0;
    std::size_t answered = 0;
    std::string trouble;

    void send_next(Connection& connection) {
        if (sent < posting.bodies) connection.send(post(posting.path, posting.body(sent++)));
    }

    void take(Connection& connection, const Message& answer) {
        const int status = status_of(answer);
        if (status / 100 != 2 && trouble.empty()) {
            trouble = std::string(answer.start_line) + ": " + std::string(answer.body);
        }
        ++answered;
        send_next(connection);
    }
};

bool any_lost(const std::vector<Connection*>& connections) {
    for (const Connection* connection : connections) {
        if (!connection->is_open()) return true;
    }
    return false;
}

}  // namespace

std::uint16_t receive_pages(Loop& loop, std::function<void(std::string_view body)> seen) {
    return loop.listen([seen = std::move(seen)](Connection& connection, const Message& request) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        seen(request.body);
    });
}

bool post_all(Loop& loop, const Posting& posting, double timeout_us) {
    Progress progress{.posting = posting, .trouble = {}};
    std::vector<Connection*> connections;
    for (std::size_t i = 0; i < posting.connections; ++i) {
        Connection* connection = loop.connect(
            posting.port,
            [&progress](Connection& from, const Message& answer) { progress.take(from, answer); });
        if (connection == nullptr) {
            progress.trouble = std::string("connect: ") + std::strerror(errno);
            break;
        }
        connections.push_back(connection);
        progress.send_next(*connection);
    }
    double looked = now_us();
    const bool whole = loop.run_until(
        [&] {
            if (!progress.trouble.empty() || progress.answered == posting.bodies) return true;
            if (now_us() - looked < look_every_us) return false;
            looked = now_us();
            if (posting.meanwhile) posting.meanwhile();
            return any_lost(connections);
        },
        timeout_us);
    for (Connection* connection : connections) loop.close(connection);
    if (whole && progress.trouble.empty() && progress.answered == posting.bodies) return true;
    std::fprintf(stderr, "posting to %s: %zu of %zu answered; %s\n",
                 std::string(posting.path).c_str(), progress.answered, posting.bodies,
                 !progress.trouble.empty() ? progress.trouble.c_str()
                 : whole                   ? "a connection was lost"
                                           : "the time is over");
    return false;
}

std::string fetch(Loop& loop, std::uint16_t port, std::string_view path) {
    std::string body;
    bool answered = false;
    Connection* connection = loop.connect(port, [&](Connection& /*from*/, const Message& answer) {
        body = answer.body;
        answered = true;
    });
    if (connection == nullptr) return {};
    connection->send(get(path));
    loop.run_until([&] { return answered || !connection->is_open(); }, fetch_within_us);
    loop.close(connection);
    return body;
}

}  // namespace tocsin::bench
