#pragma once
// EchoListener: the real listener on a free port, with handlers that listener tests share.

#include <doctest/doctest.h>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "shell/listener.hpp"

namespace tocsin::test {

/// `/-/healthy` says OK, `/echo` (up to `body_bytes_max`) returns method, path, query and body,
/// `/later` answers only when answer_later() is called, `/forget` never answers, `/closed` is 401.
struct EchoListener {
    explicit EchoListener(shell::ListenOptions options = {},
                          std::size_t body_bytes_max = 1U << 20U) {
        options.address = "127.0.0.1:0";
        auto opened = shell::listen(
            std::move(options),
            [body_bytes_max](const shell::HttpIn& head) {
                shell::Admission admission;
                admission.body_bytes_max = body_bytes_max;
                if (head.path == "/closed") admission.refusal = shell::HttpReply::text(401, "no\n");
                return admission;
            },
            [this](shell::HttpIn in, shell::Reply reply) { handle(std::move(in), reply); },
            [this](int status, const shell::HttpIn& head, const std::string& reason) {
                const std::lock_guard lock(mutex);
                refused.push_back(std::to_string(status) + " " + head.path + " " + reason);
            });
        REQUIRE(opened);
        listener = std::move(*opened);
    }

    [[nodiscard]] int port() const { return listener->port(); }

    std::vector<std::string> refusals() {
        const std::lock_guard lock(mutex);
        return refused;
    }
    std::size_t waiting() {
        const std::lock_guard lock(mutex);
        return later.size();
    }
    void answer_later(const std::string& body) {
        std::vector<shell::Reply> replies;
        {
            const std::lock_guard lock(mutex);
            replies.swap(later);
        }
        for (const shell::Reply& reply : replies) reply(shell::HttpReply::text(200, body));
    }

    std::unique_ptr<shell::Listener> listener;
    std::mutex mutex;
    std::vector<std::string> refused;
    std::vector<shell::Reply> later;

private:
    void handle(shell::HttpIn in, const shell::Reply& reply) {
        if (in.path == "/-/healthy") return reply(shell::HttpReply::text(200, "OK\n"));
        if (in.path == "/later") {
            const std::lock_guard lock(mutex);
            later.push_back(reply);
            return;
        }
        if (in.path == "/forget") return;
        if (in.path == "/big")
            return reply(shell::HttpReply::text(200, std::string(4U << 20U, 'x')));
        std::string text = in.method + ' ' + in.path;
        for (const auto& [name, value] : in.query) text += ' ' + name + '=' + value;
        reply(shell::HttpReply::text(200, text + '|' + in.body));
    }
};

}  // namespace tocsin::test
