#pragma once
// Requests through the real Net, and their answers.

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "shell/net_threads.hpp"
#include "shell/runtime_threads.hpp"
#include "support/fake_peer.hpp"

namespace tocsin::test {

/// Sends all of them at once, each on its lane, and returns the answers in the order of requests.
inline std::vector<integrations::Answer> send_all(
    const std::vector<std::pair<shell::Lane, integrations::Request>>& requests,
    shell::NetOptions options = {}) {
    shell::RuntimeThreads runtime;
    std::vector<integrations::Answer> answers(requests.size());
    std::vector<int> calls(requests.size(), 0);
    std::size_t answered = 0;
    shell::NetThreads net(runtime, std::move(options));
    runtime.post([&] {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            net.send(requests[i].first, requests[i].second, [&, i](integrations::Answer answer) {
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

inline integrations::Answer send_one(integrations::Request request,
                                     shell::NetOptions options = {}) {
    return send_all({{"lane", std::move(request)}}, std::move(options)).front();
}

inline integrations::HttpRequest request_to(const std::string& url) {
    integrations::HttpRequest request;
    request.url = url;
    request.body = "body";
    request.timeout = seconds(15);
    return request;
}

}  // namespace tocsin::test
