// The fake peer and the test's HTTP client, on cpp-httplib.

#include "support/http_peer.hpp"

#include <httplib.h>

#include <mutex>
#include <thread>

#include "support/process.hpp"

namespace tocsin::support {

struct HttpPeer::Server {
    httplib::Server http;
    std::thread thread;
    mutable std::mutex mutex;
    std::vector<Received> received;
    OnReceived on_received;
    int port = 0;

    void handle(const httplib::Request& request, httplib::Response& response) {
        const std::lock_guard guard(mutex);
        received.push_back({request.method, request.target, request.body});
        const PeerAnswer answer =
            on_received ? on_received(received.back())
                        : PeerAnswer{.status = 202, .body = R"({"status":"success"})"};
        response.status = answer.status;
        response.set_content(answer.body, answer.content_type.c_str());
    }
};

HttpPeer::HttpPeer(OnReceived on_received) : server_(std::make_unique<Server>()) {
    Server& server = *server_;
    server.on_received = std::move(on_received);
    const auto handle = [&server](const httplib::Request& request, httplib::Response& response) {
        server.handle(request, response);
    };
    server.http.Get(".*", handle);
    server.http.Post(".*", handle);
    server.http.set_keep_alive_timeout(1);
    server.port = server.http.bind_to_any_port("127.0.0.1");
    server.thread = std::thread([&server] { server.http.listen_after_bind(); });
    eventually([&server] { return server.http.is_running(); });
}

HttpPeer::~HttpPeer() {
    server_->http.stop();
    server_->thread.join();
}

std::string HttpPeer::url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port);
}

std::vector<Received> HttpPeer::received() const {
    const std::lock_guard guard(server_->mutex);
    return server_->received;
}

namespace {

Response response_of(const httplib::Result& result) {
    if (!result) return {};
    return {.status = result->status, .body = result->body};
}

}  // namespace

Response http_get(const std::string& url, const std::string& path) {
    httplib::Client client(url);
    client.set_read_timeout(30);
    return response_of(client.Get(path));
}

Response http_post(const std::string& url, const std::string& path, const std::string& body) {
    httplib::Client client(url);
    client.set_read_timeout(30);
    return response_of(client.Post(path, body, "application/json"));
}

}  // namespace tocsin::support
