#pragma once
// HTTP as the listener hands it over: a parsed request, a reply, and the handler between them.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace tocsin::shell {

struct HttpIn {
    std::string method;
    std::string path;                                          // decoded, without the query
    std::vector<std::pair<std::string, std::string>> query;    // decoded, in order
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    std::string peer;  // address and port

    [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
};

struct HttpReply {
    int status = 200;
    std::string content_type = "application/json";
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};

    /// `{"error":{"code","message","field"?}}`
    static HttpReply error(int status, const Error& error);
    static HttpReply text(int status, std::string body);
};

using Reply = std::function<void(HttpReply)>;

/// Called from a listener thread; may answer at once or later from any thread, exactly once.
using OnRequest = std::function<void(HttpIn, Reply)>;

/// What the listener must know before a body is read: may this request come in, how large may its
/// body be, and does it count against the bytes in flight.
struct Admission {
    std::optional<HttpReply> refusal;  // 401, 403, 404, 405, 415: answered without reading the body
    std::size_t body_bytes_max = 0;
    bool trusted = false;  // loopback or a token holder: never capped per peer
};
using Admit = std::function<Admission(const HttpIn& head)>;

/// Told of what the listener itself refused (413, 400), with what it knows of the sender.
using OnRefused = std::function<void(int status, const HttpIn& head, const std::string& reason)>;

}  // namespace tocsin::shell
