#pragma once
// HttpPeer: an HTTP server on loopback that records what it is sent and answers as it is told;
// and the plain client with which tests talk to the daemon.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::support {

struct Received {
    std::string method;
    std::string path;  // with the query
    std::string body;
};

struct PeerAnswer {
    int status = 200;
    std::string body = "{}";
    std::string content_type = "application/json";
};

class HttpPeer {
public:
    using OnReceived = std::function<PeerAnswer(const Received&)>;

    /// Listens on a free port of 127.0.0.1. `on_received` runs on the server's threads, one
    /// request at a time; without it everything is answered 202.
    explicit HttpPeer(OnReceived on_received = {});
    ~HttpPeer();
    HttpPeer(const HttpPeer&) = delete;
    HttpPeer& operator=(const HttpPeer&) = delete;

    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::vector<Received> received() const;

private:
    struct Server;
    std::unique_ptr<Server> server_;
};

struct Response {
    int status = 0;  // 0: no answer
    std::string body;
};

/// One request on a connection of its own; `url` is the base, without a path.
[[nodiscard]] Response http_get(const std::string& url, const std::string& path);
[[nodiscard]] Response http_post(const std::string& url, const std::string& path,
                                 const std::string& body);

}  // namespace tocsin::support
